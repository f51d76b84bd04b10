import type { Document } from '../process/api.ts';

export interface Verdict {
  readonly succeeded: number;
  readonly dead: number;
  readonly lost: number;
  readonly doubled: number;
}

const outcomes: ReadonlySet<unknown> = new Set([
  'InvocationSucceeded',
  'InvocationDeadLettered',
  'InvocationCancelled',
]);

/** What became of every accepted event, by the audit log alone. */
export const verdictOf = (facts: readonly Document[], accepted: Iterable<string>): Verdict => {
  const ends = new Map<string, string[]>([...accepted].map((id) => [id, []]));
  for (const { type, correlationId } of facts)
    if (outcomes.has(type)) ends.get(String(correlationId))?.push(String(type));
  const all = [...ends.values()];
  const count = (type: string) => all.flat().filter((end) => end === type).length;
  return {
    succeeded: count('InvocationSucceeded'),
    dead: count('InvocationDeadLettered'),
    lost: all.filter(({ length }) => length === 0).length,
    doubled: all.filter(({ length }) => length > 1).length,
  };
};
