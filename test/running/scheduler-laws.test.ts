import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/domain/events.ts';
import { sameTiming, type Timing, timingOf } from '../../src/domain/trigger/timing.ts';
import { scheduleOf, ticksBetween } from '../../src/schedule/schedule.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { createScheduleWorld } from './schedule-world.ts';
import { tickIn } from './tick-in.ts';

const second = 1_000;
const minute = 60 * second;

const timings: readonly Timing[] = [
  { interval: 7 },
  { interval: 45, startAt: '2026-03-28T23:10:00.000Z' },
  { cron: '*/2 * * * *' },
  { cron: '0,30 2 * * *', timezone: 'Europe/Berlin' },
  { cron: '*/20 * * * *', timezone: 'Europe/Berlin' },
  { interval: 30, endAt: '2026-03-29T00:30:00.000Z' },
];

type Deed =
  | { readonly does: 'run' | 'stall' | 'jump' | 'restart'; readonly ms: number }
  | { readonly does: 'pause' | 'resume' }
  | { readonly does: 'revise'; readonly timing: Timing };

const withTime = (does: 'run' | 'stall' | 'jump' | 'restart', min: number, max: number) =>
  fc.record({ does: fc.constant(does), ms: fc.integer({ min, max }) });

const deeds = (jump: { readonly min: number; readonly max: number }): fc.Arbitrary<Deed[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: withTime('run', 0, 3 * minute) },
      { weight: 2, arbitrary: withTime('stall', 0, 10 * minute) },
      { weight: 2, arbitrary: withTime('restart', 0, 120 * minute) },
      { weight: 2, arbitrary: withTime('jump', jump.min, jump.max) },
      {
        weight: 3,
        arbitrary: fc.record({ does: fc.constantFrom('pause' as const, 'resume' as const) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          does: fc.constant('revise' as const),
          timing: fc.constantFrom(...timings),
        }),
      },
    ),
    { minLength: 1, maxLength: 12 },
  );

interface History {
  readonly deeds: readonly Deed[];
  readonly timing: Timing;
  readonly misfire: 'skip' | 'one' | 'all';
  readonly overlap: 'queue' | 'skip' | 'cancel-previous';
  readonly processes: 1 | 2;
}

const historyWith = (jump: { min: number; max: number }): fc.Arbitrary<History> =>
  fc.record({
    deeds: deeds(jump),
    timing: fc.constantFrom(...timings),
    misfire: fc.constantFrom('skip', 'one', 'all'),
    overlap: fc.constantFrom('queue', 'skip', 'cancel-previous'),
    processes: fc.constantFrom(1, 2),
  });

const ownersIn = ({ processes }: History) => (processes === 1 ? 'one' : 'several');

const lived = async ({ deeds, timing, misfire, overlap, processes }: History) => {
  const schedules = createScheduleWorld({
    start: '2026-03-28T23:00:00.000Z',
    exclusive: processes === 1,
  });
  const crew = Array.from({ length: processes }, () => schedules.process());
  for (const { up } of crew) await up();
  const functionId = (await crew[0]?.world.function()) ?? '';
  const policy = { misfire, overlap };
  const triggerId = await schedules.trigger({ ...timing, ...policy }, functionId);
  for (const [place, deed] of deeds.entries()) {
    switch (deed.does) {
      case 'run':
        await schedules.run(deed.ms);
        break;
      case 'stall':
        schedules.clock.advance(deed.ms);
        break;
      case 'jump':
        schedules.clock.jump(deed.ms);
        break;
      case 'restart': {
        const one = crew[place % crew.length];
        await one?.down();
        schedules.clock.advance(deed.ms);
        await one?.again();
        break;
      }
      case 'revise':
        await schedules.revise(triggerId, { ...deed.timing, ...policy });
        break;
      default:
        await schedules[deed.does](triggerId);
    }
  }
  await schedules.resume(triggerId);
  // A clock that jumped is noticed when the due index wakes up.
  await schedules.run(minute);
  const now = schedules.clock.now();
  for (const { down, world } of crew) {
    await down();
    expect(world.fatal).toEqual([]);
  }
  return { log: await schedules.log(), triggerId, now };
};

interface Epoch {
  readonly timing: Timing;
  readonly from: number;
  until: number;
}

/** The plans the trigger has had, by the log. */
const epochsOf = (log: readonly Recorded[], now: number): readonly Epoch[] => {
  const epochs: Epoch[] = [];
  for (const { type, data, metadata } of log) {
    if (type !== 'TriggerRegistered' && type !== 'TriggerRevised') continue;
    const timing = timingOf(data.triggerMetadata);
    const last = epochs.at(-1);
    if (last !== undefined && sameTiming(last.timing, timing)) continue;
    const from = Date.parse(metadata.occurredAt);
    if (last !== undefined) last.until = from;
    epochs.push({ timing, from, until: now });
  }
  return epochs;
};

const planOf = ({ timing, from }: Pick<Epoch, 'timing' | 'from'>) =>
  scheduleOf({ ...timing, jitterSeconds: 0, misfire: 'skip' }, { triggerId: '', anchor: from });

const recordedInstants = (log: readonly Recorded[], epochs: readonly Epoch[]): number[] =>
  log.flatMap(({ type, data }) => {
    if (type === 'EventArrived') return [Date.parse(tickIn(data).scheduledAt)];
    if (type === 'TickSkipped') return [Date.parse(data.scheduledAt)];
    if (type !== 'TicksMissed' || data.reason.startsWith('DST')) return [];
    const [first, last] = [Date.parse(data.first), Date.parse(data.last)];
    const epoch = epochs.find(({ from, until }) => from < first && last <= until);
    expect(epoch).toBeDefined();
    const instants = epoch ? ticksBetween(planOf(epoch), first - 1, last, 1_000_000) : [];
    expect(instants).toHaveLength(data.count);
    return instants;
  });

const duplicatesOf = <T>(values: readonly T[]): readonly T[] =>
  values.filter((value, place) => values.indexOf(value) !== place);

/** Its new timing lies within a stretch of the first one, which the clock has already passed. */
const setBackAndRevised: History = {
  deeds: [
    { does: 'run', ms: 155_138 },
    { does: 'stall', ms: 135_013 },
    { does: 'pause' },
    { does: 'stall', ms: 506_480 },
    { does: 'jump', ms: -9_446_711 },
    { does: 'revise', timing: { cron: '*/20 * * * *', timezone: 'Europe/Berlin' } },
    { does: 'stall', ms: 635_812 },
    { does: 'resume' },
    { does: 'revise', timing: { interval: 30, endAt: '2026-03-29T00:30:00.000Z' } },
    { does: 'resume' },
  ],
  timing: { cron: '0,30 2 * * *', timezone: 'Europe/Berlin' },
  misfire: 'all',
  overlap: 'cancel-previous',
  processes: 1,
};

const passedBy = ({ type, data }: Recorded): readonly string[] => {
  if (type === 'TicksMissed') return data.instants ?? [];
  return type === 'TickSkipped' ? [data.scheduledAt] : [];
};

/** The log, cut where the trigger got another timing: that plans anew from its moment on. */
const byTiming = (log: readonly Recorded[]): readonly (readonly Recorded[])[] => {
  const stretches: Recorded[][] = [[]];
  let timing: Timing | undefined;
  for (const event of log) {
    const { type, data } = event;
    if (type === 'TriggerRegistered' || type === 'TriggerRevised') {
      const next = timingOf(data.triggerMetadata);
      if (timing !== undefined && !sameTiming(timing, next)) stretches.push([]);
      timing = next;
    }
    stretches.at(-1)?.push(event);
  }
  return stretches;
};

const firedAndPassed = (stretch: readonly Recorded[]): readonly string[] => {
  const passed = new Set(stretch.flatMap(passedBy));
  return stretch.flatMap(({ type, data }) => {
    const instant = type === 'EventArrived' ? data.deliveryId?.split('@')[1] : undefined;
    return instant !== undefined && passed.has(instant) ? [instant] : [];
  });
};

describe('whatever happens to a schedule', () => {
  it(
    'every planned instant ends in one record, and nothing else does',
    () =>
      fc.assert(
        fc.asyncProperty(historyWith({ min: 0, max: 90 * minute }), async (history) => {
          const { log, now } = await lived(history);
          const epochs = epochsOf(log, now);
          const planned = epochs.flatMap((epoch) =>
            ticksBetween(planOf(epoch), epoch.from, epoch.until, 1_000_000),
          );
          const recorded = recordedInstants(log, epochs);
          expect([...recorded].sort((a, b) => a - b)).toEqual(planned.sort((a, b) => a - b));
          expect(brokenPromises(log, { owners: ownersIn(history) })).toEqual([]);
        }),
        { numRuns: 60 },
      ),
    120_000,
  );

  it(
    'no planned instant fires twice, wherever the clock is set',
    () =>
      fc.assert(
        fc.asyncProperty(historyWith({ min: -120 * minute, max: 90 * minute }), async (history) => {
          const { log } = await lived(history);
          const fired = log.flatMap(({ type, data }) =>
            type === 'EventArrived' ? [data.deliveryId] : [],
          );
          expect(duplicatesOf(fired)).toEqual([]);
          const invoked = log.flatMap(({ type, data }) =>
            type === 'InvocationQueued' ? [data.arrivalId] : [],
          );
          expect(duplicatesOf(invoked)).toEqual([]);
          expect(byTiming(log).flatMap(firedAndPassed)).toEqual([]);
          expect(brokenPromises(log, { owners: ownersIn(history) })).toEqual([]);
        }),
        { numRuns: 60, examples: [[setBackAndRevised]] },
      ),
    120_000,
  );
});
