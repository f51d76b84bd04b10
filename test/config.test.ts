import { describe, expect, it } from 'vitest';
import { parseConfig, redactUrl, settings } from '../src/config.ts';

const secret = 'x'.repeat(32);
const keys = `1:${Buffer.alloc(32, 1).toString('base64')}`;
const open = {
  TRIPLINE_HOST: '0.0.0.0',
  TRIPLINE_JWT_SECRET: secret,
  TRIPLINE_ENCRYPTION_KEYS: keys,
};

describe('the configuration', () => {
  it('needs nothing on loopback', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8420,
      dataDir: './data',
      store: 'sqlite:',
      bodyLimit: 1_048_576,
      allowPrivateTargets: true,
      encryptionKeys: undefined,
    });
  });

  it('takes an empty value for none', () => {
    expect(parseConfig({ TRIPLINE_PORT: '', TRIPLINE_JWT_SECRET: '' }).port).toBe(8420);
  });

  it('is frozen', () => {
    const config = parseConfig({});
    expect(() => Object.assign(config, { port: 1 })).toThrow();
    expect(() => Object.assign(config.tokens, { secret: 'mine' })).toThrow();
  });

  it('allows private targets beyond loopback only when told to', () => {
    expect(parseConfig(open).allowPrivateTargets).toBe(false);
    expect(parseConfig({ ...open, TRIPLINE_ALLOW_PRIVATE_TARGETS: '1' }).allowPrivateTargets).toBe(
      true,
    );
  });

  it('reads several encryption keys in order', () => {
    const two = `${keys}, 7:${Buffer.alloc(32, 2).toString('base64')}`;
    const read = parseConfig({ TRIPLINE_ENCRYPTION_KEYS: two }).encryptionKeys;
    expect(read?.map(({ version, key }) => [version, key.length])).toEqual([
      [1, 32],
      [7, 32],
    ]);
  });

  it.each([
    ['TRIPLINE_PORT', { TRIPLINE_PORT: 'tcp://10.0.0.1:80' }],
    ['TRIPLINE_PORT', { TRIPLINE_PORT: '70000' }],
    ['TRIPLINE_STORE', { TRIPLINE_STORE: 'mysql://x' }],
    ['TRIPLINE_JWT_SECRET', { TRIPLINE_JWT_SECRET: 'short' }],
    ['TRIPLINE_JWKS_URL', { TRIPLINE_JWKS_URL: 'ftp://issuer/keys' }],
    ['TRIPLINE_JWKS_URL', { TRIPLINE_JWKS_URL: 'https://i/keys', TRIPLINE_JWT_SECRET: secret }],
    ['TRIPLINE_JWT_ALGORITHMS', { TRIPLINE_JWT_ALGORITHMS: 'none' }],
    ['TRIPLINE_ENCRYPTION_KEYS', { TRIPLINE_ENCRYPTION_KEYS: '1:c2hvcnQ=' }],
    ['TRIPLINE_JWT_SECRET', { TRIPLINE_HOST: '0.0.0.0', TRIPLINE_ENCRYPTION_KEYS: keys }],
    ['TRIPLINE_ENCRYPTION_KEYS', { TRIPLINE_HOST: '::', TRIPLINE_JWT_SECRET: secret }],
    ['TRIPLINE_TRUST_PROXY', { TRIPLINE_TRUST_PROXY: 'everyone' }],
    ['TRIPLINE_LOG_LEVEL', { TRIPLINE_LOG_LEVEL: 'loud' }],
  ])('names %s when it is at fault', (name, env) => {
    expect(() => parseConfig(env)).toThrow(name);
  });

  it.each([
    ['TRIPLINE_PROT', 'TRIPLINE_PORT'],
    ['TRIPLINE_DATADIR', 'TRIPLINE_DATA_DIR'],
    ['TRIPLINE_ENCRYPTION_KEY', 'TRIPLINE_ENCRYPTION_KEYS'],
    ['TRIPLINE_SHUTDOWN_GRACE', 'TRIPLINE_SHUTDOWN_GRACE_MS'],
    ['tripline_log_level', 'TRIPLINE_LOG_LEVEL'],
    ['Tripline_Port', 'TRIPLINE_PORT'],
  ])('refuses %s, which it does not know, and names %s', (name, nearest) => {
    expect(() => parseConfig({ [name]: '8421' })).toThrow(
      `${name} is not a setting; the nearest is ${nearest}`,
    );
  });

  it('tells every fault at once', () => {
    const env = { TRIPLINE_HOTS: 'a', TRIPLINE_STOER: 'memory:', TRIPLINE_PORT: 'b' };
    expect(() => parseConfig(env)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/TRIPLINE_HOST.*TRIPLINE_STORE.*TRIPLINE_PORT/s),
      }),
    );
  });

  it('has nothing against names that others set', () => {
    const env = {
      PATH: '/bin',
      MY_TRIPLINE_PORT: '1',
      TRIPLINE_PROT: '',
      TRIPLINE_SERVICE_HOST: '10.0.0.1',
      TRIPLINE_SERVICE_PORT: '8420',
      TRIPLINE_SERVICE_PORT_HTTP: '8420',
      TRIPLINE_PORT_8420_TCP: 'tcp://10.0.0.1:8420',
      TRIPLINE_PORT_8420_TCP_ADDR: '10.0.0.1',
      TRIPLINE_WORKERS_SERVICE_HOST: '10.0.0.2',
      TRIPLINE_WORKERS_PORT: 'tcp://10.0.0.2:80',
      TRIPLINE_TEST_ESDB: 'esdb://localhost',
    };
    expect(parseConfig(env).port).toBe(8420);
  });

  it('says of numbers which are good', () => {
    const port = 'must be a port from 0 to 65535';
    for (const given of ['http', '70000', '-1', '1.5']) {
      expect(() => parseConfig({ TRIPLINE_PORT: given })).toThrow(port);
    }
    const least = 'must be a whole number of at least 1024';
    expect(() => parseConfig({ TRIPLINE_BODY_LIMIT: '1' })).toThrow(least);
  });

  it('never repeats a secret in its complaint', () => {
    const env = { TRIPLINE_JWT_SECRET: 'hunter2', TRIPLINE_ENCRYPTION_KEYS: '1:aHVudGVyMg==' };
    const complaint = (() => {
      try {
        return String(parseConfig(env));
      } catch (error) {
        return String(error);
      }
    })();
    expect(complaint).toContain('TRIPLINE_JWT_SECRET');
    expect(complaint).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('explains every setting', () => {
    expect(settings.length).toBeGreaterThan(12);
    expect(settings.filter(({ meaning }) => meaning === '')).toEqual([]);
    expect(settings.find(({ name }) => name === 'TRIPLINE_PORT')?.standard).toBe('8420');
  });
});

it('shows a store URL without its password', () => {
  expect(redactUrl('esdb://admin:changeit@db:2113?tls=false')).toBe(
    'esdb://admin:***@db:2113?tls=false',
  );
  expect(redactUrl('sqlite:')).toBe('sqlite:');
});
