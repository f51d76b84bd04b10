import { isKnown } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';

/** What one invocation's part of the log says. */
export interface InvocationHistory {
  readonly invocationId: string;
  readonly arrivalId: string;
  readonly maxAttempts: number;
  readonly started: number;
  readonly outcomes: readonly string[];
}

const terminal = new Set(['InvocationSucceeded', 'InvocationDeadLettered', 'InvocationCancelled']);

/** Counted by plain reading, with none of the product's own folds. */
export const invocationsIn = (log: readonly StoredEvent[]): InvocationHistory[] => {
  const histories = new Map<string, InvocationHistory>();
  for (const { type, data } of log.filter(isKnown)) {
    if (type === 'InvocationQueued') {
      const { invocationId, arrivalId, policy } = data;
      const { maxAttempts } = policy;
      histories.set(invocationId, {
        invocationId,
        arrivalId,
        maxAttempts,
        started: 0,
        outcomes: [],
      });
      continue;
    }
    const history = 'invocationId' in data ? histories.get(data.invocationId) : undefined;
    if (!history) continue;
    histories.set(history.invocationId, {
      ...history,
      started: history.started + (type === 'InvocationStarted' ? 1 : 0),
      outcomes: terminal.has(type) ? [...history.outcomes, type] : history.outcomes,
    });
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
