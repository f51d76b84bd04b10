import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/domain/clock.ts';
import { isFact } from '../../src/domain/events.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { openStore } from '../../src/store/index.ts';
import type { Call } from '../../src/targets/target.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { wholeLog } from '../process/log-of.ts';
import { createCrashingStore } from '../running/crashing-store.ts';
import { hang, startServer } from './server-under-test.ts';

const succeeded: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};
const refused: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
};

const events = 24;
/** Which append of each process is its last one, and whether that is still stored. */
const deaths = [3, 1, 2, 5, 2, 4, 1, 7, 3, 2, 6, 1, 9, 2, 3, 4, 5, 2].map(
  (atAppend, n) => ({ atAppend, moment: n % 2 === 0 ? 'before' : 'after' }) as const,
);

/** Whose time ends with its process: what was to happen later does not. */
const createMortalClock = () => {
  const cancels = new Set<() => void>();
  let isDead = false;
  const clock: Clock = {
    ...systemClock,
    after(delayMs, act) {
      if (isDead) return () => {};
      const cancel = systemClock.after(delayMs, () => {
        cancels.delete(cancel);
        act();
      });
      cancels.add(cancel);
      return () => {
        cancels.delete(cancel);
        cancel();
      };
    },
  };
  const die = (): void => {
    isDead = true;
    for (const cancel of cancels) cancel();
  };
  return { clock, die };
};

/** A process that dies at that append; true where nothing was left to be done before. */
const livesThrough = async (
  log: EventStore,
  atAppend: number,
  moment: 'before' | 'after',
): Promise<boolean> => {
  let isCrashed = false;
  const { clock, die } = createMortalClock();
  const server = await startServer({
    ...{ log, clock },
    call: async () => succeeded,
    around: (inner) => {
      const crashing = createCrashingStore(inner, atAppend, moment);
      void crashing.crashed.then(() => {
        isCrashed = true;
        die();
      });
      return crashing;
    },
  });
  const isOver = () => server.engine.stats()['replays'] === 0;
  while (!isCrashed && !isOver()) await new Promise((resolve) => setImmediate(resolve));
  if (!isCrashed) await server[Symbol.asyncDispose]();
  return !isCrashed;
};

it('goes on after each crash with exactly the next one', async () => {
  const log = await openStore('memory:', { dataDir: '' });
  const arrivals: string[] = [];
  let replayId = '';
  {
    let isSeeded = false;
    const call = async (one: Call) => (isSeeded ? await hang(one) : refused);
    await using first = await startServer({ log, call });
    const retry = { maxAttempts: 50, initialDelayMs: 1, maxDelayMs: 1 };
    const { id: functionId } = await first.createFunction({ retry });
    const trigger = { functionId, executionType: 'webhook', triggerMetadata: { path: '/in' } };
    await first.createTrigger(trigger);
    for (let n = 0; n < events; n += 1)
      arrivals.push((await first.deliver('in', { payload: { n } })).json().event_id);
    await expect.poll(() => first.engine.stats()['open']).toBe(0);
    isSeeded = true;
    const asked = await first.ask('POST', 'replays', { payload: { concurrency: 3 } });
    replayId = asked.json().id;
  }
  let lived = 0;
  for (const { atAppend, moment } of deaths)
    if (await livesThrough(log, atAppend, moment)) lived += 1;
  await using last = await startServer({ log, call: async () => succeeded });
  await expect
    .poll(async () => (await last.ask('GET', `replays/${replayId}`)).json().status)
    .toBe('completed');
  const all = await wholeLog(log);
  const delivered = all.flatMap((fact) =>
    isFact(fact, 'InvocationQueued') && fact.data.replay?.id === replayId
      ? [fact.data.arrivalId]
      : [],
  );
  expect(delivered).toEqual(arrivals);
  expect(brokenPromises(all, { owners: 'one' })).toEqual([]);
  const { counts } = (await last.ask('GET', `replays/${replayId}`)).json();
  expect(counts).toMatchObject({ queued: events, succeeded: events });
  expect(lived).toBeLessThan(deaths.length / 2);
});
