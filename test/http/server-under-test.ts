import { createHmac } from 'node:crypto';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { SignJWT } from 'jose';
import { expect } from 'vitest';
import { createActors } from '../../src/actors/actors.ts';
import { createRegistrar } from '../../src/actors/registrar.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { type Clock, systemClock } from '../../src/domain/clock.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import type { Logger } from '../../src/domain/logger.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { acceptApiKeys } from '../../src/http/api-keys.ts';
import { createConnections } from '../../src/http/connections.ts';
import { resources } from '../../src/http/principal.ts';
import { createHttp } from '../../src/http/server.ts';
import { createTokenVerifier } from '../../src/http/tokens.ts';
import { createOperations } from '../../src/operations/operations.ts';
import { createEngine } from '../../src/running/engine.ts';
import { createKeyRing, type EncryptionKey } from '../../src/sealing/key-ring.ts';
import { createSignatureSchemes } from '../../src/signatures/index.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { openStore } from '../../src/store/index.ts';
import type { Call } from '../../src/targets/target.ts';
import { createTriggerKinds } from '../../src/triggers/index.ts';
import { openViews } from '../../src/views/open-views.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { wholeLog } from '../process/log-of.ts';

export const tokenSecret = 'a secret for tokens in tests, long enough';

const everything = Object.fromEntries(resources.map((name) => [name, ['read', 'write']]));

export const tokenOf = (claims: object = {}, expiresIn = 3_600, secret = tokenSecret) =>
  new SignJWT({ workspace: 'acme', permissions: everything, sub: 'ann', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresIn)
    .sign(new TextEncoder().encode(secret));

const succeeded: CallOutcome = {
  ok: true,
  durationMs: 1,
  answer: {
    status: 200,
    contentType: 'application/json',
    body: { encoding: 'utf8', content: '{"done":true}' },
    truncated: false,
  },
};

/** A function that never answers; the call ends when it is given up. */
export const hang = ({ interrupter }: Call): Promise<CallOutcome> =>
  new Promise((resolve) => {
    const failure = { kind: 'shutdown', message: 'given up', status: null, body: null } as const;
    const giveUp = () => resolve({ ok: false, durationMs: 1, failure, retryAfterMs: null });
    interrupter?.listen(giveUp);
  });

export interface Options {
  readonly clock?: Clock;
  readonly bodyLimit?: number;
  readonly keepAliveMs?: number;
  /** In place of calling anybody. */
  readonly call?: (call: Call) => Promise<CallOutcome>;
  /** The last one encrypts. */
  readonly keys?: readonly EncryptionKey[];
  /** A log that is there already and stays when the server goes. */
  readonly log?: EventStore;
  /** The log has events that nobody can fold, so nobody can judge it either. */
  readonly unfoldable?: boolean;
  /** What stands between the server and its store. */
  readonly around?: (store: EventStore) => EventStore;
}

interface Logged {
  readonly fields: object;
  readonly message: string;
}

const remember = (lines: Logged[]): Logger => {
  const keep = (fields: object, message: string) => void lines.push({ fields, message });
  return { debug: keep, info: keep, warn: keep, error: keep };
};

/** Every real part over a store in memory; only functions are not called over the network. */
export const startServer = async (options: Options = {}) => {
  const { clock = systemClock, around = (inner: EventStore) => inner } = options;
  const logged: Logged[] = [];
  const log = remember(logged);
  const calls: Call[] = [];
  const memory = options.log ?? (await openStore('memory:', { dataDir: '' }));
  const store = around(memory);
  const views = await openViews({ url: 'memory:', dataDir: '', store: memory, log, clock });
  const actors = createActors({ store, chance: systemChance });
  const registrar = createRegistrar({ actors, clock, store });
  const sealing = createKeyRing(
    options.keys ?? [{ version: 1, key: Buffer.alloc(32, 1) }],
    systemChance,
  );
  const kinds = createTriggerKinds();
  const schemes = createSignatureSchemes();
  const engine = createEngine({
    ...{ store, actors, views, sealing, clock, log, kinds: kinds.known },
    target: {
      call: async (call) => {
        calls.push(call);
        return options.call?.(call) ?? succeeded;
      },
      close: async () => {},
    },
    chance: { ...systemChance, random: () => 0.5 },
    ownerId: systemChance.newId(),
    onFatal: () => {},
  });
  const verifyToken = acceptApiKeys(
    createTokenVerifier({ secrets: [tokenSecret], algorithms: [] }, clock),
    { registry: engine.registry, clock },
  );
  const config = {
    bodyLimit: options.bodyLimit ?? 1_048_576,
    keepAliveMs: options.keepAliveMs ?? 72_000,
    trustProxy: [],
  };
  const ready = () => engine.ready;
  const connections = createConnections();
  const parts = {
    ...{ engine, actors, views, store, sealing, clock, log },
    ...{ kinds: kinds.known, schemes: schemes.known, chance: systemChance },
  };
  const operations = createOperations({ ...parts, registrar });
  const http: FastifyInstance = await createHttp({
    ...parts,
    ...{ config, verifyToken, operations, connections, ready },
  });
  await engine.start();
  const token = await tokenOf();

  const ask = async (method: InjectOptions['method'], path: string, more: InjectOptions = {}) =>
    http.inject({
      method: method ?? 'GET',
      url: path.startsWith('/') ? path : `/workspace/acme/api/v1/${path}`,
      ...more,
      headers: { authorization: `Bearer ${token}`, ...more.headers },
    });

  return {
    http,
    ask,
    actors,
    calls,
    engine,
    operations,
    kinds,
    schemes,
    logged,
    sealing,
    store,
    views,
    /** All there is in the log but what every workspace begins with. */
    events: async (): Promise<readonly StoredEvent[]> =>
      (await memory.readAll({ maxCount: 10_000 })).filter(
        ({ metadata }) => metadata.actor !== 'system:workspaces',
      ),
    async createFunction(more: object = {}) {
      const payload = {
        name: systemChance.newId(),
        type: 'http',
        url: 'https://example.org/hook',
        ...more,
      };
      return (await ask('POST', 'compute-functions', { payload })).json();
    },
    async createTrigger(more: object = {}) {
      const payload = {
        name: systemChance.newId(),
        functionId: systemChance.newId(),
        executionType: 'on-demand',
        ...more,
      };
      return (await ask('POST', 'function-triggers', { payload })).json();
    },
    deliver: (path: string, more: InjectOptions = {}) =>
      http.inject({ method: 'POST', url: `/workspace/acme/api/v1/webhook/${path}`, ...more }),
    async [Symbol.asyncDispose]() {
      await http.close();
      await engine.stop(0);
      await actors.idle();
      await views.close();
      const owners = options.log === undefined ? 'one' : 'several';
      const log = options.unfoldable ? [] : await wholeLog(memory);
      const broken = brokenPromises(log, { owners });
      if (!options.log) await memory.close();
      // Whatever a test is about, it leaves a log that keeps every promise.
      expect(broken).toEqual([]);
    },
  };
};

export type ServerUnderTest = Awaited<ReturnType<typeof startServer>>;

export const hmacOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
