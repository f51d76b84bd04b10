import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/logger.ts';
import { openStore } from '../../src/store/index.ts';
import { openViews } from '../../src/views/open-views.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { lastingPort } from '../lasting-port.ts';
import { apiOf } from './api.ts';
import { openFunctionEndpoint, type Reaction } from './function-endpoint.ts';
import { githubSecret, setUpGithub, slots } from './github-setup.ts';
import {
  arrivalsIn,
  kept,
  type LostAttempt,
  lostAttemptsIn,
  outcomesIn,
  verdictOn,
} from './log-checks.ts';
import { wholeLog } from './log-of.ts';
import { startSender } from './persistent-sender.ts';
import { type Launched, launch, ready } from './server-process.ts';
import { allEnded, until } from './until.ts';
import { differencesFromFold } from './view-checks.ts';

/** Enough to meet every state now and then; a campaign takes more, and other instants. */
const { TRIPLINE_KILLS = '10', TRIPLINE_KILL_SEED = '1' } = process.env;
const kills = Number(TRIPLINE_KILLS);
/** Repeatable choice of instants; the seed is in the name of the failing test. */
const seed = Number(TRIPLINE_KILL_SEED);
const randomFrom = (start: number) => {
  let state = start;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Most calls succeed at once; some are slow, so that kills hit them, some fail, some always. */
const react = (call: { invocationId: string; ordinal: number }): Reaction => {
  const kind = Number.parseInt(call.invocationId.slice(0, 2), 16) % 16;
  if (kind === 0) return { status: 500 };
  if (kind < 3) return { status: call.ordinal === 1 ? 503 : 200 };
  if (kind < 6) return { status: 200, afterMs: 120 };
  return { status: 200 };
};

const onceStartedAndLost = [
  'InvocationQueued',
  'InvocationStarted',
  'AttemptLost',
  'InvocationDeadLettered',
];

/** Of each process: how many of its attempts died with it. */
const lostWith = (lost: readonly LostAttempt[]): readonly number[] => {
  const counts = new Map<string | undefined, number>();
  for (const { claimedBy } of lost) counts.set(claimedBy, (counts.get(claimedBy) ?? 0) + 1);
  return [...counts.values()];
};

describe(`a server that is killed ${kills} times (seed ${seed})`, () => {
  const cleanup: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const undo of cleanup.splice(0).reverse()) await undo();
  });

  it(
    'loses nothing, ends everything once and shows views equal to a fold of its log',
    async () => {
      const random = randomFrom(seed);
      const dataDir = await mkdtemp(join(tmpdir(), 'tripline-kill-'));
      cleanup.push(() => rm(dataDir, { recursive: true, force: true }));
      const endpoint = await openFunctionEndpoint(react);
      cleanup.push(async () => endpoint[Symbol.asyncDispose]());

      const env = { TRIPLINE_LOG_LEVEL: 'warn', TRIPLINE_PORT: String(await lastingPort()) };
      const start = (): Launched => {
        const launched = launch({ dataDir, env });
        cleanup.push(async () => launched[Symbol.asyncDispose]());
        return launched;
      };
      const startedAt = performance.now();
      const first = await ready(start());
      const startMs = performance.now() - startedAt;
      const api = apiOf(first);
      const loose = await setUpGithub(api, endpoint.url);
      const ordered = await setUpGithub(api, endpoint.url, {
        name: 'ordered',
        metadata: { orderingKey: { header: 'X-GitHub-Event' } },
      });
      const once = await setUpGithub(api, endpoint.url, {
        name: 'once',
        metadata: { retry: { maxAttempts: 1 } },
      });
      const urls = [loose.url, ordered.url, once.url, loose.url];
      const sender = startSender({ urls, secret: githubSecret, senders: 8, pauseMs: 5 });
      cleanup.push(() => sender.stop().catch(() => undefined));

      await wait(300);
      await first.kill();
      let killedInCall = 0;
      let killedWhileStarting = 0;
      for (let kill = 1; kill < kills; kill += 1) {
        const launched = start();
        if (random() < 0.3) {
          await wait(random() * startMs);
          killedWhileStarting += 1;
        } else {
          await ready(launched);
          await wait(random() * 500);
          if (endpoint.underWay() > 0) killedInCall += 1;
        }
        launched.signal('SIGKILL');
        await launched.ended;
      }

      const last = await ready(start());
      await sender.stop();
      const lastApi = apiOf(last);
      await until('every invocation has ended', () => allEnded(lastApi));
      const listed = await lastApi.list('invocations?limit=500', 'invocations');
      expect(await last.stop()).toEqual({ code: 0, signal: null });

      const store = await openStore('sqlite:', { dataDir });
      cleanup.push(() => store.close());
      const log = await wholeLog(store);
      expect(verdictOn(log, sender.acknowledged)).toEqual(kept);
      expect(brokenPromises(log, { settled: true })).toEqual([]);
      expect(listed.map(({ id, status }) => [id, status]).sort()).toEqual(outcomesIn(log));

      // Whoever has one attempt only dies with a process that had begun it, and never in the queue.
      const lost = lostAttemptsIn(log);
      const lostOnce = lost.filter(({ maxAttempts }) => maxAttempts === 1);
      for (const { facts } of lostOnce) expect(facts).toEqual(onceStartedAndLost);
      for (const { started, maxAttempts } of lost) expect(started).toBe(maxAttempts);
      expect(Math.max(0, ...lostWith(lostOnce))).toBeLessThanOrEqual(slots);
      const called = lostOnce.filter(({ invocationId }) => endpoint.calls.has(invocationId)).length;

      const views = await openViews({ url: 'sqlite:', dataDir, store, log: silentLogger });
      cleanup.push(() => views.close());
      expect(await differencesFromFold(views, log)).toEqual([]);
      expect(sender.acknowledged.size).toBeGreaterThan(kills);
      expect(arrivalsIn(log).size).toBeGreaterThanOrEqual(sender.acknowledged.size);
      console.log(
        `${kills} kills, ${killedWhileStarting} while starting, ${killedInCall} during calls; ` +
          `${sender.acknowledged.size} events acknowledged, ${sender.statuses.get(0)} posts cut off; ` +
          `${lostOnce.length} with a single attempt lost it, ${called} of them in a call`,
      );
      expect(killedInCall).toBeGreaterThan(0);
      expect(killedWhileStarting).toBeGreaterThan(0);
    },
    60_000 + kills * 15_000,
  );
});
