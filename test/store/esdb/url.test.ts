import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import { parseEsdbUrl } from '../../../src/store/esdb/url.ts';
import { patient } from './under-test.ts';

const password = 'hunter2-very-secret';

describe('a store URL', () => {
  it.each([
    ['esdb://node:2113', 'esdb://node:2113'],
    ['esdb://node?tls=false', 'esdb://node?tls=false'],
    ['esdb://a:1,b:2,c:3?nodePreference=leader', 'esdb://a:1,b:2,c:3?nodePreference=leader'],
    ['esdb+discover://cluster.example:2113', 'esdb+discover://cluster.example:2113'],
    ['esdb+discover://a:1,b:2', 'esdb://a:1,b:2'],
    ['kurrentdb://node:2113', 'esdb://node:2113'],
    ['esdb://me:p%40ss@node:2113', 'esdb://me:p%40ss@node:2113'],
    [
      'esdb://node?TLS=true&keep-alive-interval=20000',
      'esdb://node?tls=true&keepAliveInterval=20000',
    ],
    ['esdb://node?tlsVerifyCert=true&appendPath=batch', 'esdb://node'],
  ])('%s reaches the client as %s', (url, expected) => {
    expect(parseEsdbUrl(url).connectionString()).toBe(expected);
  });

  it('says which nodes it names, on the standard port where it names none', () => {
    const { nodes } = parseEsdbUrl('esdb://a,b:1234');
    expect(nodes).toEqual([
      { address: 'a', port: 2113 },
      { address: 'b', port: 1234 },
    ]);
  });

  it('may have space around it, and its credentials decoded', () => {
    const { alone, connectionString } = parseEsdbUrl('  esdb://m%40e:p%3Ass@node\n');
    expect(alone).toEqual({ username: 'm@e', password: 'p:ss' });
    expect(connectionString()).toBe('esdb://m%40e:p%3Ass@node');
  });

  it('encrypts unless it says otherwise, by the authorities of a file if it names one', () => {
    expect(parseEsdbUrl('esdb://a').way).toEqual({ tls: true, caFile: undefined });
    expect(parseEsdbUrl('esdb://a?tls=false').way).toEqual({ tls: false, caFile: undefined });
    const { caFile } = parseEsdbUrl('esdb://a?tlsCAFile=ca.pem').way;
    expect(caFile).toBe(resolve('ca.pem'));
  });

  it('takes single appends down the classic path where it says so and somebody can', () => {
    const me = { username: 'me', password: 'pw' };
    const nobody = { username: 'none', password: 'none' };
    const pathsOf = (url: string) => {
      const { alone, classicAppends } = parseEsdbUrl(url);
      return { alone, classicAppends };
    };
    expect(pathsOf('esdb://a')).toEqual({ alone: undefined, classicAppends: undefined });
    expect(pathsOf('esdb://me:pw@a')).toEqual({ alone: me, classicAppends: undefined });
    expect(pathsOf('esdb://a?tls=false')).toEqual({ alone: nobody, classicAppends: undefined });
    const classic = 'appendPath=classic';
    expect(pathsOf(`esdb://me:pw@a?${classic}`)).toEqual({ alone: me, classicAppends: me });
    expect(pathsOf(`esdb://a?tls=false&${classic}`)).toEqual({
      ...{ alone: nobody, classicAppends: nobody },
    });
    expect(() => parseEsdbUrl(`esdb://a?${classic}`)).toThrow('needs credentials');
  });

  it('can be turned to the leader', () => {
    const { connectionString } = parseEsdbUrl('esdb+discover://me:pw@cluster:2113?tls=false');

    expect(connectionString({ address: 'leader', port: 2114 })).toBe(
      'esdb://me:pw@leader:2114?tls=false',
    );
  });

  it.each([
    ['esdb://', 'it should read esdb://host:2113?tls=true'],
    ['esdb://a,:1', 'hosts are names or IPv4 addresses with a port, separated by commas'],
    ['esdb://a:1,b:x', 'hosts are names or IPv4 addresses with a port, separated by commas'],
    ['esdb://me@a', 'credentials are user:password, with : @ / ? inside them percent-encoded'],
    ['esdb://me:%zz@a', 'the user name or password has a % that begins no escape'],
    ['esdb://a?what=1', 'it has an option that is not known'],
    ['esdb://a?tls=yes', 'option tls has a wrong value'],
    ['esdb://a?tls=true=true', 'option tls has a wrong value'],
  ])('%s is refused in words that say why', (url, why) => {
    expect(() => parseEsdbUrl(url)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringContaining(why),
      }),
    );
  });

  it.each([
    ['an unknown option', `esdb://me:${password}@node?keepAlive=1`],
    ['an option without a value', `esdb://me:${password}@node?tls`],
    ['a wrong value', `esdb://me:${password}@node?tls=yes`],
    ['a keep-alive the client warns about', `esdb://me:${password}@node?keepAliveInterval=5000`],
    ['an option without effect', `esdb://me:${password}@node?tlsVerifyCert=false`],
    ['an option that hides failures', `esdb://me:${password}@node?throwOnAppendFailure=false`],
    ['a colon in the password', `esdb://me:a:${password}@node`],
    ['an at sign in the password', `esdb://me:a@${password}@node`],
    ['a user without a password', `esdb://${password}@node`],
    ['a broken escape', `esdb://me:${password}%zz@node`],
    ['an IPv6 address', `esdb://me:${password}@[::1]:2113`],
    ['no host', `esdb://me:${password}@`],
    ['a port that is none', `esdb://me:${password}@node:http`],
    ['another scheme', `http://me:${password}@node`],
    [
      'a certificate file that is not there',
      `esdb://me:${password}@node?tlsCAFile=/nowhere/ca.crt`,
    ],
  ])('with %s is refused without repeating it', async (_, url) => {
    const refused = openEsdbStore(url, patient).catch((error: unknown) => error);

    expect(await refused).toMatchObject({ code: 'invalid-configuration' });
    expect(inspect(await refused, { depth: 20, showHidden: true })).not.toContain(password);
  });

  it('sends appends one by one with its own credentials, or with none where nothing is encrypted', () => {
    const classic = (url: string) => parseEsdbUrl(`${url}appendPath=classic`).classicAppends;

    expect(classic('esdb://me:p%40ss@node?')).toEqual({ username: 'me', password: 'p@ss' });
    expect(classic('esdb://node?tls=false&')).toBeDefined();
    expect(() => classic('esdb://node?')).toThrow('needs credentials');
    expect(parseEsdbUrl('esdb://me:pw@node').classicAppends).toBeUndefined();
  });
});

describe('a password', () => {
  afterEach(() => vi.restoreAllMocks());

  it('appears in no error and on no console when the server cannot be reached', async () => {
    const printed = (['log', 'info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const url = `esdb://me:${password}@127.0.0.1:1?tls=true`;
    const failed = await openEsdbStore(url, { ...patient, giveUpAfterMs: 50 }).catch(
      (error: unknown) => error,
    );

    expect(failed).toMatchObject({ code: 'store-unavailable' });
    const shown = inspect([failed, ...printed.map(({ mock }) => mock.calls)], {
      depth: 20,
      showHidden: true,
    });
    expect(shown).not.toContain(password);
    expect(shown).not.toContain(Buffer.from(`me:${password}`).toString('base64'));
  });
});
