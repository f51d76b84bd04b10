import type { DataOf, Recorded } from '../domain/events.ts';
import { retryIdOf } from '../domain/ids.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

const copied = [
  'triggerId',
  'arrivalId',
  'orderingKey',
] as const satisfies readonly (keyof DataOf<'InvocationQueued'>)[];

type Of = Pick<DataOf<'InvocationQueued'>, 'functionId' | 'triggerVersion'>;

const isLike = (one: Of, other: Of): boolean =>
  one.functionId === other.functionId && one.triggerVersion === other.triggerVersion;

/** What an operator wants once more is an ended invocation, and becomes one new one like it. */
export const repetitions: DefineInvariant = ({ invocations, remembers }) => {
  /** By the id of the repetition: what it repeats. */
  const owed = new Map<string, string>();
  /** By the same: the function and version that were asked for; those of then in earlier releases. */
  const asked = new Map<string, Of>();
  const counts = new Map<string, number>();

  const ask = ({ data }: Recorded<'InvocationRetried'>, demand: Demand): void => {
    const { invocationId, retriedAs } = data;
    const wasQueued = invocations.find(invocationId) !== undefined || remembers === 'open';
    const hasEnded = wasQueued && !invocations.open.has(invocationId);
    demand(hasEnded, `${invocationId} is to be repeated, but has not ended`);
    owed.set(retriedAs, invocationId);
    if (data.repeats) asked.set(retriedAs, data.repeats);
    if (remembers === 'open') return;
    const count = (counts.get(invocationId) ?? 0) + 1;
    counts.set(invocationId, count);
    const expected = retryIdOf(invocationId, count);
    demand(retriedAs === expected, `${invocationId} is repeated as ${retriedAs}, not ${expected}`);
  };

  const queue = ({ data }: Recorded<'InvocationQueued'>, demand: Demand): void => {
    const { invocationId, retryOf } = data;
    const due = owed.get(invocationId) ?? null;
    demand(retryOf === due, `${invocationId} repeats ${retryOf}, but ${due} was asked for`);
    owed.delete(invocationId);
    const wanted = asked.get(invocationId);
    asked.delete(invocationId);
    const first = retryOf === null ? undefined : invocations.find(retryOf);
    if (first === undefined) return;
    const isWanted = isLike(data, wanted ?? first);
    demand(isWanted, `${invocationId} calls another function or version than was asked for`);
    for (const member of copied) {
      const isCopied = data[member] === first[member];
      demand(isCopied, `${invocationId} has another ${member} than ${retryOf}, which it repeats`);
    }
  };

  return {
    on: { InvocationRetried: ask, InvocationQueued: queue },
    atRest(demand) {
      for (const [retriedAs, invocationId] of owed) {
        demand(false, `${invocationId} was not repeated as ${retriedAs}`);
      }
    },
  };
};
