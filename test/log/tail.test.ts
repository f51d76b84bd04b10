import { expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createTail } from '../../src/log/tail.ts';
import { positionOf, recorded } from '../views/history.ts';
import { createManualClock } from './manual-clock.ts';
import { createScriptedReader } from './scripted-reader.ts';

const events = recorded(
  Array.from({ length: 6 }, (_, n) => ({
    stream: `trigger-${n}`,
    fact: { type: 'TriggerResumed', data: { triggerId: String(n) } },
  })),
);

const tailOf = (log: readonly StoredEvent[] = events.slice(0, 2)) => {
  const script = createScriptedReader();
  let reads = 0;
  let refusal: Error | undefined;
  const tail = createTail({
    store: {
      ...script.reader,
      readAll: async () => {
        reads += 1;
        if (refusal !== undefined) throw refusal;
        return log.slice(-1);
      },
    },
    ...{ clock: createManualClock().clock, random: () => 0.5, log: silentLogger },
  });
  const listen = async () => {
    const heard: string[] = [];
    const failures: unknown[] = [];
    const joined = await tail.join({
      take: (batch) => heard.push(...batch.map(({ position }) => position)),
      failed: (error) => failures.push(error),
    });
    return { heard, failures, joined };
  };
  const refuseWith = (error: Error | undefined) => {
    refusal = error;
  };
  return { ...script, tail, listen, reads: () => reads, refuseReadsWith: refuseWith };
};

it('tells everyone what is behind the place they joined at, by one subscription', async () => {
  const run = tailOf();
  const first = await run.listen();
  expect(first.joined.from).toBe(positionOf(2));
  await run.deliver(events.slice(2, 4));
  const second = await run.listen();
  expect(second.joined.from).toBe(positionOf(4));
  await run.deliver(events.slice(4));
  expect(first.heard).toEqual([3, 4, 5, 6].map(positionOf));
  expect(second.heard).toEqual([5, 6].map(positionOf));
  expect([first, second].map(({ joined }) => joined.position)).toEqual([
    positionOf(6),
    positionOf(6),
  ]);
  expect(second.joined.from).toBe(positionOf(4));
  expect(run.asked).toEqual([positionOf(2)]);
});

it('begins at the beginning of an empty log', async () => {
  const run = tailOf([]);
  const { joined } = await run.listen();
  expect(joined.from).toBe(beginning);
  expect(run.asked).toEqual(['start']);
});

it('leaves the log when the last one has left, and comes back for the next one', async () => {
  const run = tailOf();
  const [first, second] = await Promise.all([run.listen(), run.listen()]);
  expect(run.reads()).toBe(1);
  first?.joined.leave();
  first?.joined.leave();
  expect(run.open()).toBe(1);
  await run.deliver(events.slice(2, 3));
  expect([first?.heard, second?.heard]).toEqual([[], [positionOf(3)]]);
  second?.joined.leave();
  expect(run.open()).toBe(0);
  await run.listen();
  expect(run.open()).toBe(1);
});

it('stays for whoever is about to join when the last one leaves', async () => {
  const run = tailOf();
  const first = await run.listen();
  const coming = run.listen();
  first.joined.leave();
  const second = await coming;
  await run.deliver(events.slice(2, 3));
  expect(second.heard).toEqual([positionOf(3)]);
});

it('tells everyone that the log cannot be followed, and tries anew for the next one', async () => {
  const run = tailOf();
  const first = await run.listen();
  const broken = new TriplineError('corrupt-store', 'a hole');
  run.drop(broken);
  expect(first.failures).toEqual([broken]);
  const second = await run.listen();
  first.joined.leave();
  await run.deliver(events.slice(2, 3));
  expect(second.heard).toEqual([positionOf(3)]);
});

it('refuses who joins while the log cannot be read, and nobody after that', async () => {
  const run = tailOf();
  const away = new TriplineError('store-unavailable', 'away');
  run.refuseReadsWith(away);
  await expect(run.listen()).rejects.toBe(away);
  run.refuseReadsWith(undefined);
  expect((await run.listen()).joined.from).toBe(positionOf(2));
});

it('tells nobody anything once it is stopped', async () => {
  const run = tailOf();
  const { heard } = await run.listen();
  await run.tail.stop();
  await run.deliver(events.slice(2));
  expect([heard, run.open()]).toEqual([[], 0]);
});
