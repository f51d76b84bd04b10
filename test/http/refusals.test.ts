import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hang, hmacOf, type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

interface Shown {
  readonly path: string | null;
  readonly reason: string;
  readonly count: number;
}

const pageOf = async (server: ServerUnderTest, query = '') =>
  (await server.ask('GET', `refusals${query}`)).json() as {
    readonly refusals: readonly Shown[];
    readonly next: string | null;
  };
const listed = async (server: ServerUnderTest, query = '') =>
  (await pageOf(server, query)).refusals;

/** Nobody waits for the record, so the test does. */
const listedAll = async (server: ServerUnderTest, count: number) => {
  await expect.poll(async () => (await listed(server)).length).toBe(count);
  return listed(server, '?order=asc');
};

const webhook = (path: string, more: object = {}) => ({
  executionType: 'webhook',
  triggerMetadata: { path, ...more },
});
const signed = (scheme: string, secret: string, options: object = {}) =>
  webhook('/in', { signature: { scheme, secrets: [secret], ...options } });

const now = () => Math.floor(Date.now() / 1_000);
const body = '{"id":"evt_1"}';
const wrong = 'ab'.repeat(32);
const whsec = Buffer.alloc(24, 3);

const viaStripe = (time: number) => ({
  'stripe-signature': `t=${time},v1=${createHmac('sha256', 'k').update(`${time}.${body}`).digest('hex')}`,
});
const viaStandard = (time: number) => ({
  'webhook-id': 'm',
  'webhook-timestamp': String(time),
  'webhook-signature': `v1,${createHmac('sha256', whsec).update(`m.${time}.${body}`).digest('base64')}`,
});
const standardSecret = `whsec_${whsec.toString('base64')}`;
const generic = { header: 'X-Proof' };

const inTwoFamilies = { 'svix-id': 'm', ...viaStandard(0), 'webhook-id': '' };

describe('a signature that does not fit', () => {
  it.each<[string, string, object, Record<string, string>, string]>([
    ['github', 'k', {}, {}, 'missing-signature'],
    ['github', 'k', {}, { 'x-hub-signature-256': 'sha1=ab' }, 'malformed-signature'],
    ['github', 'k', {}, { 'x-hub-signature-256': hmacOf('other', body) }, 'no-match'],
    ['hmac', 'k', generic, {}, 'missing-signature'],
    ['hmac', 'k', generic, { 'x-proof': 'zz' }, 'malformed-signature'],
    ['hmac', 'k', generic, { 'x-proof': wrong }, 'no-match'],
    ['stripe', 'k', {}, {}, 'missing-signature'],
    ['stripe', 'k', {}, { 'stripe-signature': 't=soon' }, 'malformed-signature'],
    ['stripe', 'k', {}, { 'stripe-signature': `t=${now()},v1=${wrong}` }, 'no-match'],
    ['standard-webhooks', standardSecret, {}, inTwoFamilies, 'missing-signature'],
    [
      ...(['standard-webhooks', standardSecret, {}] as const),
      { ...viaStandard(now()), 'webhook-timestamp': 'soon' },
      'malformed-signature',
    ],
    [
      ...(['standard-webhooks', standardSecret, {}] as const),
      { ...viaStandard(now()), 'webhook-id': 'other' },
      'no-match',
    ],
  ])('of %s is told apart in the record', async (scheme, secret, options, headers, reason) => {
    await using server = await startServer();
    const { id } = await server.createTrigger(signed(scheme, secret, options));
    const answer = await server.deliver('in', { payload: body, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).not.toContain(reason);
    expect(await listedAll(server, 1)).toMatchObject([
      { path: 'in', triggerId: id, status: 401, reason, skewSeconds: null, count: 1 },
    ]);
  });

  it.each([
    ['stripe', 'k', viaStripe, -3_600],
    ['stripe', 'k', viaStripe, 3_600],
    ['standard-webhooks', standardSecret, viaStandard, -3_600],
    ['standard-webhooks', standardSecret, viaStandard, 3_600],
  ])('of %s in time says in the record by how much', async (scheme, secret, via, off) => {
    await using server = await startServer();
    await server.createTrigger(signed(scheme, secret));
    const time = now() + off;
    const answer = await server.deliver('in', { payload: body, headers: via(time) });
    expect(answer.json()).toEqual({ status: 'error', message: 'Invalid signature' });
    const [refusal] = await listedAll(server, 1);
    expect(refusal).toMatchObject({ reason: 'stale-timestamp' });
    const { skewSeconds } = refusal as unknown as { skewSeconds: number };
    expect(Math.abs(skewSeconds - off)).toBeLessThanOrEqual(5);
  });

  it('leaves nothing of what was sent', async () => {
    await using server = await startServer();
    await server.createTrigger(signed('github', 'the-secret'));
    await server.deliver('in?token=in-the-query', {
      payload: 'in-the-body',
      headers: { 'x-hub-signature-256': 'in-the-proof', authorization: 'in-a-header' },
    });
    await listedAll(server, 1);
    const facts = JSON.stringify(
      (await server.events()).filter(({ type }) => type === 'DeliveriesRefused'),
    );
    expect(facts).not.toMatch(/in-the|in-a|the-secret/);
  });
});

describe('deliveries that were refused', () => {
  it('are listed with what was answered and why, and found by path, trigger, reason and time', async () => {
    await using server = await startServer({ bodyLimit: 1_000 });
    const { id } = await server.createTrigger(webhook('/in'));
    await server.deliver('in', { payload: 'x'.repeat(2_000) });
    await listedAll(server, 1);
    await server.deliver('nowhere/at/all', { payload: body });
    await listedAll(server, 2);
    expect(await listed(server, '?order=asc')).toMatchObject([
      { path: 'in', triggerId: id, status: 413, reason: 'too-large', remote: '127.0.0.1' },
      { path: 'nowhere/at/all', triggerId: null, status: 404, reason: 'unknown-path' },
    ]);
    const reasons = async (query: string) =>
      (await listed(server, query)).map(({ reason }) => reason);
    expect(await reasons('?path=in')).toEqual(['too-large']);
    expect(await reasons('?path=/in')).toEqual(['too-large']);
    expect(await reasons('?path=nowhere/at/all')).toEqual(['unknown-path']);
    expect(await reasons(`?triggerId=${id}`)).toEqual(['too-large']);
    expect(await reasons('?reason=unknown-path')).toEqual(['unknown-path']);
    expect(await reasons('?status=413')).toEqual(['too-large']);
    expect(await reasons('?from=2020-01-01T00:00:00Z')).toEqual(['unknown-path', 'too-large']);
    expect(await reasons('?to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await reasons('?from=2020-01-01T00:00:00Z&path=in')).toEqual(['too-large']);
    const { events } = (await server.ask('GET', 'audit?type=DeliveriesRefused')).json();
    expect(events).toHaveLength(2);
  });

  it('say whether the trigger was stopped or had no room left', async () => {
    await using server = await startServer({ call: hang });
    const { id: functionId } = await server.createFunction();
    const metadata = { queueCapacity: 2, concurrency: 1 };
    const { id } = await server.createTrigger({ ...webhook('/in', metadata), functionId });
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push((await server.deliver('in')).statusCode);
    const full = answers.filter((status) => status === 503).length;
    expect(full).toBeGreaterThan(0);
    await listedAll(server, full);
    await server.ask('POST', `function-triggers/${id}/stop`);
    await server.deliver('in');
    const all = await listedAll(server, full + 1);
    expect(all[0]).toMatchObject({ triggerId: id, status: 503, reason: 'queue-full' });
    expect(all.at(-1)).toMatchObject({ triggerId: id, status: 503, reason: 'stopped' });
  });

  it('come page by page, none twice and none left out', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in'));
    for (const path of ['a%00', '__proto__', `c/${'c'.repeat(500)}`]) await server.deliver(path);
    await listedAll(server, 3);
    const seen: (string | null)[] = [];
    let next: string | null = null;
    do {
      const query = `?limit=1&order=asc${next === null ? '' : `&after=${next}`}`;
      const page = await pageOf(server, query);
      seen.push(...page.refusals.map(({ path }) => path));
      next = page.next;
    } while (next !== null);
    expect(seen).toEqual(['a\0', '__proto__', `c/${'c'.repeat(198)}`]);
    expect(await listed(server, `?path=c/${'c'.repeat(500)}`)).toHaveLength(1);
    expect(await listed(server, '?path=a%00')).toHaveLength(1);
  });

  it('leave little in the log however many come, and nothing in workspaces that nobody has', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in'));
    const before = (await server.events()).length;
    for (let n = 0; n < 300; n += 1) {
      await server.deliver(`guess/${n}`);
      await server.http.inject({ method: 'POST', url: `/workspace/made-up-${n}/api/v1/webhook/x` });
    }
    await server.actors.idle();
    expect((await server.events()).length - before).toBe(5);
    await server.http.close();
    await server.actors.idle();
    const facts = await server.events();
    const counts = facts.flatMap(({ type, data, metadata: { workspace } }) =>
      type === 'DeliveriesRefused' ? [{ ...(data as { count: number }), workspace }] : [],
    );
    expect(counts.length).toBeLessThanOrEqual(16);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(300);
    expect(new Set(counts.map(({ workspace }) => workspace))).toEqual(new Set(['acme']));
  });

  it('are for those who may read events, of their own workspace', async () => {
    await using server = await startServer();
    await server.createTrigger(webhook('/in'));
    await server.deliver('nowhere');
    await listedAll(server, 1);
    const asked = async (claims: object, workspace: string) => {
      const authorization = `Bearer ${await tokenOf(claims)}`;
      const url = `/workspace/${workspace}/api/v1/refusals`;
      return server.ask('GET', url, { headers: { authorization } });
    };
    const other = await asked({ workspace: 'other' }, 'other');
    expect(other.json()).toEqual({ refusals: [], next: null });
    expect((await asked({ workspace: 'other' }, 'acme')).statusCode).toBe(403);
    expect((await asked({ permissions: { audit: ['read'] } }, 'acme')).statusCode).toBe(403);
  });

  it.each(['reason=none', 'status=many', 'from=yesterday', 'colour=blue', 'after=nonsense'])(
    'are not asked for with %s',
    async (query) => {
      await using server = await startServer();
      expect((await server.ask('GET', `refusals?${query}`)).statusCode).toBe(400);
    },
  );
});
