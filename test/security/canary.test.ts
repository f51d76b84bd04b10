import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { type Call, openFunctionEndpoint, type Reaction } from '../process/function-endpoint.ts';
import { type Scratch, scratch } from '../process/scratch.ts';
import { type Launched, launch } from '../process/server-process.ts';
import { until } from '../process/until.ts';
import { type Aviary, createAviary, type Sighting } from './canaries.ts';
import { type Content, diskContents } from './disk-contents.ts';
import {
  credentials,
  encrypt,
  marker,
  type Planted,
  plantAll,
  proofs,
  signatures,
  webhooksOf,
} from './planted.ts';
import { readAll } from './read-all.ts';
import { createWitness, type Witness } from './witness.ts';

interface Running {
  readonly launched: Launched;
  readonly url: string;
  readonly base: string;
}

const atUrl = async (launched: Launched): Promise<Running> => {
  const urlOf = () => /http:\/\/127\.0\.0\.1:\d+/.exec(launched.output())?.[0];
  await until('the server is ready', async () => {
    const url = urlOf();
    return url !== undefined && (await fetch(`${url}/health/ready`)).ok;
  });
  const url = String(urlOf());
  return { launched, url, base: `${url}/workspace/acme/api/v1` };
};

const everything = [
  'function-triggers',
  'compute-functions',
  'events',
  'audit',
  'api-keys',
  'secrets',
  'metrics',
]
  .map((resource) => `${resource}:read ${resource}:write`)
  .join(' ');

const tokenOf = (secret: string): Promise<string> =>
  new SignJWT({ workspace: 'acme', scope: everything })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ann')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

/** Deliveries with good and with bad signatures; every signature is a secret of its own from then on. */
const deliverAll = async (
  { base }: Running,
  witness: Witness,
  aviary: Aviary,
  planted: Planted,
): Promise<void> => {
  const body = JSON.stringify({ hello: marker, n: randomUUID() });
  for (const [path, headers] of Object.entries(signatures(planted, body))) {
    for (const [name, value] of Object.entries(headers))
      if (proofs.includes(name)) aviary.add(name, value.replace(/^.*?(=|,)(v1=)?/, ''));
    const url = `${base}/webhook/${path}`;
    const withCredentials = { ...credentials(aviary), ...headers };
    const send = (sent: string) =>
      witness.ask(url, 'POST', { body: sent, headers: withCredentials, token: '' });
    expect([path, (await send(body)).status]).toEqual([path, 202]);
    expect([path, (await send(`${body} `)).status]).toEqual([path, 401]);
  }
};

describe('secrets', () => {
  let resources: Scratch = scratch();
  afterEach(async () => {
    await resources[Symbol.asyncDispose]();
    resources = scratch();
  });

  it('are nowhere but where they belong, whatever happens', async () => {
    const aviary = createAviary();
    const planted = plantAll(aviary);
    const dataDir = await resources.directory();
    const output: Buffer[] = [];
    const calls: Call[] = [];
    const reactTo = (call: Call): Reaction => {
      calls.push(call);
      return { status: call.body.includes('fail') ? 500 : 200, afterMs: 20 };
    };
    const endpoint = resources.use(await openFunctionEndpoint(reactTo));
    const onOutput = (chunk: Buffer) => void output.push(chunk);
    const start = async (env: Readonly<Record<string, string>>): Promise<Running> => {
      return await atUrl(resources.use(launch({ dataDir, env, onOutput })));
    };
    const token = await tokenOf(planted.env.TRIPLINE_JWT_SECRET);
    aviary.add('jwt', String(token.split('.')[2]));
    const witness = createWitness(token);
    const disk: Content[] = [];
    const lookAtDisk = async () => disk.push(...(await diskContents(dataDir)));

    // Everything is set up, changed, rotated; generated secrets are told once.
    const first = await start(planted.env);
    const ask = async (at: Running, method: string, path: string, body?: unknown) =>
      await witness.ask(`${at.base}/${path}`, method, { body });
    const told = async (path: string, body: unknown, member: string, method = 'POST') => {
      const request = { body, confidential: true };
      const { json, text } = await witness.ask(`${first.base}/${path}`, method, request);
      const secret = String(json[member]);
      expect(text.split(secret)).toHaveLength(2);
      aviary.add(`${member} of ${path}`, secret.replace(/^whsec_|^tlk_.{36}_/, ''));
      return json;
    };
    const made = { type: 'http', url: endpoint.url, retry: { maxAttempts: 2, initialDelayMs: 5 } };
    const named = { ...made, name: 'given', signingSecret: planted.signing };
    const target = await told('compute-functions', named, 'signingSecret');
    await told('compute-functions', { ...made, name: 'generated' }, 'signingSecret');
    const path = `compute-functions/${target.id}`;
    await told(path, { signingSecret: planted.secondSigning }, 'signingSecret', 'PUT');
    await told(`${path}/rotate-secret`, {}, 'signingSecret');
    const scopes = ['function-triggers:write', 'api-keys:write'];
    const { key, id: keyId } = await told('api-keys', { name: 'machine', scopes }, 'key');

    const newTrigger = { functionId: target.id, executionType: 'on-demand' };
    const create = async (body: object) =>
      (await ask(first, 'POST', 'function-triggers', { ...newTrigger, ...body })).json;
    const onDemand = await create({
      name: 'on demand',
      triggerMetadata: { params: planted.params },
    });
    expect(onDemand.triggerMetadata.params.visible).toBe(marker);
    for (const [name, metadata] of Object.entries(webhooksOf(planted)))
      await create({
        name,
        executionType: 'webhook',
        triggerMetadata: { path: `/${name}`, params: planted.params, ...metadata },
      });
    await ask(first, 'PUT', `function-triggers/${onDemand.id}`, {
      triggerMetadata: {
        params: { ...onDemand.triggerMetadata.params, replaced: encrypt(planted.changedParam) },
      },
    });
    const draft = { ...newTrigger, triggerMetadata: { params: { token: encrypt(planted.draft) } } };
    const { json: incomplete } = await ask(first, 'POST', 'function-triggers/drafts', draft);
    expect((await ask(first, 'POST', `function-triggers/${incomplete.id}/publish`)).status).toBe(
      400,
    );
    const drafted = { ...draft, name: 'once a draft' };
    const { json: complete } = await ask(first, 'POST', 'function-triggers/drafts', drafted);
    const { json: published } = await ask(
      first,
      'POST',
      `function-triggers/${complete.id}/publish`,
    );
    expect(published.triggerMetadata.params.token.encrypted).toBe(true);
    await ask(first, 'POST', `function-triggers/${published.id}/execute`, {});

    // Whatever can be refused is refused, with a secret in it.
    const refused: readonly [string, string, unknown][] = [
      [
        'POST',
        'function-triggers',
        { ...newTrigger, name: 'on demand', triggerMetadata: { params: planted.params } },
      ],
      ['POST', 'function-triggers', { ...newTrigger, triggerMetadata: { params: planted.params } }],
      [
        'POST',
        'function-triggers',
        {
          ...newTrigger,
          name: 'x',
          triggerMetadata: { params: { a: { ...encrypt(aviary.plant('refused-wish')), more: 1 } } },
        },
      ],
      [
        'POST',
        'function-triggers',
        {
          ...newTrigger,
          name: 'x',
          executionType: 'webhook',
          triggerMetadata: {
            path: '/x',
            signature: { scheme: 'standard-webhooks', secrets: [aviary.plant('refused-secret')] },
          },
        },
      ],
      [
        'POST',
        'function-triggers',
        {
          ...newTrigger,
          name: 'x',
          executionType: 'webhook',
          triggerMetadata: { path: '/x', hmac: { secret: [aviary.plant('refused-form')] } },
        },
      ],
      [
        'POST',
        'compute-functions',
        { ...made, name: 'x', url: `http://user:${aviary.plant('url-password')}@127.0.0.1/` },
      ],
      [
        'POST',
        'compute-functions',
        { ...made, name: 'x', signingSecret: aviary.plant('refused-signing') },
      ],
      ['POST', 'compute-functions', { ...named, name: 'generated' }],
      ['POST', 'api-keys', { name: 'x', scopes: [aviary.plant('refused-scope-is-told')].slice(1) }],
      ['POST', 'function-triggers', `{"secret": "${aviary.plant('broken-json')}`],
    ];
    for (const [method, where, body] of refused) {
      const { status } = await ask(first, method, where, body);
      expect([where, status >= 400 && status < 500]).toEqual([where, true]);
    }
    const badTokens = [
      aviary.plant('unknown-token'),
      `tlk_${keyId}_${aviary.plant('wrong-key').slice(-43)}`,
      `${token.slice(0, -43)}${'A'.repeat(43)}`,
    ];
    for (const bad of badTokens) {
      const { status } = await witness.ask(`${first.base}/audit`, 'GET', { token: bad });
      expect(status).toBe(401);
    }
    const port = Number(new URL(first.url).port);
    const garbage = aviary.plant('garbage');
    await witness.send(
      port,
      `GET / HTTP/1.1\r\nAuthorization: Bearer ${garbage}\r\nBad Header\r\n\r\n`,
    );

    // Work of every kind: by a machine, by webhooks; done, failed, given up.
    const byKey = { token: String(key), body: { say: marker } };
    const execute = `${first.base}/function-triggers/${onDemand.id}/execute`;
    expect((await witness.ask(execute, 'POST', byKey)).status).toBe(200);
    await ask(first, 'POST', `function-triggers/${onDemand.id}/execute`, { please: 'fail' });
    await deliverAll(first, witness, aviary, planted);
    await ask(first, 'POST', 'compute-functions', {
      ...made,
      name: 'away',
      url: 'http://127.0.0.1:9/',
    });
    await until('the failure is final', async () =>
      (await ask(first, 'GET', 'invocations?status=dead')).text.includes('attempts-exhausted'),
    );
    await readAll(first, witness);
    await lookAtDisk();

    // It ends in order, comes back with a second key, and is killed in the middle of things.
    first.launched.signal('SIGTERM');
    expect((await first.launched.ended).code).toBe(0);
    await lookAtDisk();
    const second = await start({ ...planted.env, TRIPLINE_ENCRYPTION_KEYS: planted.bothKeys });
    expect((await ask(second, 'POST', 'secrets/re-encrypt')).json.resealed).toBeGreaterThan(5);
    await deliverAll(second, witness, aviary, planted);
    const byMachine = async ({ base }: Running) =>
      (await witness.ask(`${base}/function-triggers`, 'GET', { token: String(key) })).status;
    expect(await byMachine(second)).toBe(200);
    await ask(second, 'DELETE', `api-keys/${keyId}`);
    expect(await byMachine(second)).toBe(401);
    await readAll(second, witness);
    const commandLine = await readFile(`/proc/${second.launched.pid}/cmdline`).catch(() => '');
    second.launched.signal('SIGKILL');
    await second.launched.ended;
    await lookAtDisk();

    // And with the wrong keys, where nothing can be opened: it says so and ends.
    const wrong = { ...planted.env, TRIPLINE_ENCRYPTION_KEYS: `3:${aviary.plantKey('other-key')}` };
    const third = resources.use(launch({ dataDir, env: wrong, onOutput }));
    expect((await third.ended).code).toBe(78);
    await lookAtDisk();

    const logs = { where: 'the output of the servers', content: Buffer.concat(output) };
    const places = [...disk, ...witness.heard, logs, { where: 'argv', content: commandLine }];
    const seen = places.flatMap(({ where, content }) => aviary.sightings(where, content));
    expect(seen.map(({ canary, where, form }: Sighting) => `${canary} ${form}: ${where}`)).toEqual(
      [],
    );

    // The search finds what is there, and the functions got what is theirs.
    const finder = createAviary();
    finder.add('marker', marker);
    const found = new Set(
      places.flatMap(({ where, content }) => finder.sightings(where, content)).map((s) => s.where),
    );
    expect([...found].some((where) => where.endsWith('events.db, table events'))).toBe(true);
    expect([...found].some((where) => where.endsWith('events.db'))).toBe(true);
    expect([...found].some((where) => where.includes('audit/export'))).toBe(true);
    expect(logs.content.length).toBeGreaterThan(0);
    expect(calls.length).toBeGreaterThan(10);
    const sent = calls.map(({ body, headers }) => `${JSON.stringify(headers)}${body}`).join('\n');
    const given = new Set(aviary.sightings('calls', sent).map(({ canary }) => canary));
    expect([...given].sort()).toEqual([
      'draft',
      'param',
      'param-changed',
      'param-name',
      'param-replaced',
      'param-value',
    ]);
  }, 120_000);
});
