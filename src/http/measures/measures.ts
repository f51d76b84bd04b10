import { isKnown, type Recorded } from '../../domain/events.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { SlotMap } from '../../domain/slot-map.ts';
import { createHistogram, type HistogramState } from './histogram.ts';

/** What ended, by trigger; how it ended. */
export type Outcome = 'succeeded' | 'failed' | 'dead' | 'cancelled' | 'lost';

export interface Measures {
  take(events: readonly StoredEvent[]): void;
  /** Seconds from arrival, or from a repetition being asked for, to the first start. */
  startDelay(): HistogramState;
  /** Seconds of a call, by how it ended. */
  callDurations(): ReadonlyMap<string, HistogramState>;
  /** Attempts and ends, by trigger and outcome; triggers beyond the bound are counted together. */
  outcomes(): ReadonlyMap<string, ReadonlyMap<Outcome, number>>;
  /** Deaths by reason. */
  deaths(): ReadonlyMap<string, number>;
}

/** Of so many triggers the outcomes are told one by one. */
export const mostTriggers = 200;
export const otherTriggers = 'other';
/** Arrivals whose invocations are still expected: at least so many, more than are ever routed at once. */
const rememberedArrivals = 10_000;

const add = <Key>(map: Map<Key, number>, key: Key): void =>
  void map.set(key, (map.get(key) ?? 0) + 1);

/** Facts as figures, in memory that neither the log nor the number of triggers can fill. */
export const createMeasures = (): Measures => {
  const startDelay = createHistogram();
  const calls = new Map(
    ['succeeded', 'failed', 'dead'].map((outcome) => [outcome, createHistogram()]),
  );
  const byTrigger = new Map<string, Map<Outcome, number>>();
  const deaths = new Map<string, number>();
  /** In two generations: finding the oldest of one `Map` costs more the more was taken out of it. */
  let arrivedAt = new Map<string, number>();
  let arrivedBefore = arrivedAt;
  const waitingSince = new SlotMap<number>();

  const ended = (triggerId: string, outcome: Outcome): void => {
    const isNew = !byTrigger.has(triggerId);
    const key = isNew && byTrigger.size >= mostTriggers ? otherTriggers : triggerId;
    const counts = byTrigger.get(key) ?? new Map<Outcome, number>();
    byTrigger.set(key, counts);
    add(counts, outcome);
  };
  const called = (outcome: string, durationMs: number | null): void => {
    if (durationMs !== null) calls.get(outcome)?.observe(durationMs / 1_000);
  };

  const arrived = (arrivalId: string, at: number): void => {
    if (arrivedAt.size >= rememberedArrivals) {
      arrivedBefore = arrivedAt;
      arrivedAt = new Map();
    }
    arrivedAt.set(arrivalId, at);
  };
  const arrivalOf = (arrivalId: string): number | undefined =>
    arrivedAt.get(arrivalId) ?? arrivedBefore.get(arrivalId);

  const started = (invocationId: string, at: number): void => {
    const since = waitingSince.get(invocationId);
    if (since === undefined) return;
    waitingSince.delete(invocationId);
    startDelay.observe(Math.max(0, at - since) / 1_000);
  };

  const take = (event: Recorded): void => {
    const { type, data, metadata } = event;
    const at = () => Date.parse(metadata.occurredAt);
    switch (type) {
      case 'EventArrived':
        // What was decided with it is queued at the very same moment.
        if (data.decidedAt === undefined) arrived(data.arrivalId, at());
        break;
      case 'InvocationQueued': {
        const since = data.retryOf === null ? arrivalOf(data.arrivalId) : undefined;
        waitingSince.set(data.invocationId, since ?? at());
        break;
      }
      case 'InvocationStarted':
        started(data.invocationId, at());
        break;
      case 'InvocationSucceeded':
        called('succeeded', data.durationMs);
        ended(data.triggerId, 'succeeded');
        break;
      case 'InvocationFailed':
        called('failed', data.durationMs);
        ended(data.triggerId, 'failed');
        break;
      case 'AttemptLost':
        ended(data.triggerId, 'lost');
        break;
      case 'InvocationDeadLettered':
        called('dead', data.durationMs);
        waitingSince.delete(data.invocationId);
        add(deaths, data.reason);
        ended(data.triggerId, 'dead');
        break;
      case 'InvocationCancelled':
        waitingSince.delete(data.invocationId);
        ended(data.triggerId, 'cancelled');
        break;
    }
  };

  return {
    take: (events) => {
      for (const event of events) if (isKnown(event)) take(event);
    },
    startDelay: () => startDelay.state(),
    callDurations: () => new Map([...calls].map(([name, histogram]) => [name, histogram.state()])),
    outcomes: () => byTrigger,
    deaths: () => deaths,
  };
};
