import type { Wait, Waiting } from './wait.ts';

/** A stretch of waiting that the invocation's own facts tell. */
export type Own = Omit<Wait, 'for' | 'behind'> & { readonly for: 'retry' | 'lease' | 'start' };

interface Reading {
  readonly waits: readonly Own[];
  readonly attempt: number;
  /** Since when it could start, as far as it was its own affair. */
  readonly readyFrom: number | undefined;
  readonly retry: { readonly from: number; readonly until: number } | undefined;
  readonly running: { readonly from: number; readonly until: number } | undefined;
}

const unread: Reading = {
  waits: [],
  attempt: 0,
  readyFrom: undefined,
  retry: undefined,
  running: undefined,
};

/** It started, it ended, or it is now: what it waited for until then. */
const waitedUntil = (reading: Reading, to: number, isOver: boolean): readonly Own[] => {
  const { retry, readyFrom } = reading;
  const attempt = reading.attempt + 1;
  const end = isOver ? to : Number.POSITIVE_INFINITY;
  if (readyFrom !== undefined)
    return [{ attempt, for: 'start', from: readyFrom, to: end, until: null }];
  if (retry === undefined) return [];
  const { from, until } = retry;
  if (until >= to) return [{ attempt, for: 'retry', from, to: end, until }];
  return [
    { attempt, for: 'retry', from, to: until, until },
    { attempt, for: 'start', from: Math.max(from, until), to: end, until: null },
  ];
};

const read = (reading: Reading, fact: Waiting['facts'][number]): Reading => {
  const at = Date.parse(fact.metadata.occurredAt);
  const waits = () => [...reading.waits, ...waitedUntil(reading, at, true)];
  switch (fact.type) {
    case 'InvocationQueued':
      return { ...reading, readyFrom: at };
    case 'InvocationStarted': {
      const running = { from: at, until: Date.parse(fact.data.leaseUntil) };
      return { ...unread, waits: waits(), attempt: fact.data.attempt, running };
    }
    case 'InvocationFailed': {
      const retry = { from: at, until: Date.parse(fact.data.retryAt) };
      return { ...reading, retry, running: undefined };
    }
    case 'AttemptLost': {
      const retry = { from: at, until: Date.parse(fact.data.retryAt) };
      const { running, attempt } = reading;
      const lease: readonly Own[] = running ? [{ attempt, for: 'lease', to: at, ...running }] : [];
      return { ...reading, waits: [...reading.waits, ...lease], retry, running: undefined };
    }
    case 'InvocationRetried':
      return reading;
    default:
      return { ...unread, waits: waits(), attempt: reading.attempt };
  }
};

/** By its facts alone: for its time, for a lost process, and for a start that could have been. */
export const ownWaits = (facts: Waiting['facts'], now: number): readonly Own[] => {
  const reading = facts.reduce(read, unread);
  return [...reading.waits, ...waitedUntil(reading, now, false)];
};
