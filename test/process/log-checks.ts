import { isKnown, type Recorded } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';

/** What one invocation's part of the log says. */
export interface InvocationHistory {
  readonly invocationId: string;
  readonly arrivalId: string;
  readonly maxAttempts: number;
  readonly started: number;
  /** Of each attempt that failed, by kind. */
  readonly failures: readonly string[];
  readonly outcomes: readonly string[];
}

const terminal = new Set(['InvocationSucceeded', 'InvocationDeadLettered', 'InvocationCancelled']);

const goneOn = (history: InvocationHistory, { type, data }: Recorded): InvocationHistory => ({
  ...history,
  started: history.started + (type === 'InvocationStarted' ? 1 : 0),
  failures:
    type === 'InvocationFailed' ? [...history.failures, data.failure.kind] : history.failures,
  outcomes: terminal.has(type) ? [...history.outcomes, type] : history.outcomes,
});

/** Counted by plain reading, with none of the product's own folds. */
export const invocationsIn = (log: readonly StoredEvent[]): InvocationHistory[] => {
  const histories = new Map<string, InvocationHistory>();
  for (const event of log.filter(isKnown)) {
    const { type, data } = event;
    if (type === 'InvocationQueued') {
      const { invocationId, arrivalId, policy } = data;
      const { maxAttempts } = policy;
      const nothing = { started: 0, failures: [], outcomes: [] };
      histories.set(invocationId, { invocationId, arrivalId, maxAttempts, ...nothing });
      continue;
    }
    const history = 'invocationId' in data ? histories.get(data.invocationId) : undefined;
    if (history) histories.set(history.invocationId, goneOn(history, event));
  }
  return [...histories.values()];
};

export const arrivalsIn = (log: readonly StoredEvent[]): ReadonlySet<string> =>
  new Set(
    log
      .filter(isKnown)
      .flatMap(({ type, data }) => (type === 'EventArrived' ? [data.arrivalId] : [])),
  );

export interface Verdict {
  readonly lost: readonly string[];
  readonly neverQueued: readonly string[];
  readonly unfinished: readonly string[];
  readonly doubleOutcomes: readonly string[];
  readonly beyondLimit: readonly string[];
}

/** All lists are empty when the promises were kept for the acknowledged events. */
export const verdictOn = (
  log: readonly StoredEvent[],
  acknowledged: ReadonlySet<string>,
): Verdict => {
  const arrivals = arrivalsIn(log);
  const invocations = invocationsIn(log);
  const queued = new Set(invocations.map(({ arrivalId }) => arrivalId));
  const idsOf = (test: (history: InvocationHistory) => boolean): string[] =>
    invocations.filter(test).map(({ invocationId }) => invocationId);
  return {
    lost: [...acknowledged].filter((id) => !arrivals.has(id)),
    neverQueued: [...acknowledged].filter((id) => !queued.has(id)),
    unfinished: idsOf(({ outcomes }) => outcomes.length === 0),
    doubleOutcomes: idsOf(({ outcomes }) => outcomes.length > 1),
    beyondLimit: idsOf(({ started, maxAttempts }) => started > maxAttempts),
  };
};

export const kept: Verdict = {
  lost: [],
  neverQueued: [],
  unfinished: [],
  doubleOutcomes: [],
  beyondLimit: [],
};

/** A death whose last attempt was under way when its process was killed, as its facts tell it. */
export interface LostAttempt {
  readonly invocationId: string;
  readonly maxAttempts: number;
  readonly started: number;
  /** By which process the attempt was started. */
  readonly claimedBy: string | undefined;
  readonly facts: readonly string[];
}

export const lostAttemptsIn = (log: readonly StoredEvent[]): LostAttempt[] => {
  const of = new Map<string, Recorded[]>();
  for (const event of log.filter(isKnown)) {
    if (!('invocationId' in event.data)) continue;
    const { invocationId } = event.data;
    of.set(invocationId, [...(of.get(invocationId) ?? []), event]);
  }
  return invocationsIn(log).flatMap(({ invocationId, maxAttempts, started }) => {
    const facts = of.get(invocationId) ?? [];
    const isLost = facts.some(
      ({ type, data }) => type === 'InvocationDeadLettered' && data.reason === 'attempt-lost',
    );
    if (!isLost) return [];
    const claims = facts.flatMap(({ type, data }) =>
      type === 'InvocationStarted' ? [data.claimedBy] : [],
    );
    const types = facts.map(({ type }) => type);
    return [{ invocationId, maxAttempts, started, claimedBy: claims.at(-1), facts: types }];
  });
};

const statusOf: Readonly<Record<string, string>> = {
  InvocationSucceeded: 'succeeded',
  InvocationDeadLettered: 'dead',
  InvocationCancelled: 'cancelled',
};

/** Id and status of every invocation, as a list of them shows it, sorted by id. */
export const outcomesIn = (log: readonly StoredEvent[]): [string, string][] =>
  invocationsIn(log)
    .map(({ invocationId, outcomes }): [string, string] => [
      invocationId,
      statusOf[outcomes[0] ?? ''] ?? 'open',
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
