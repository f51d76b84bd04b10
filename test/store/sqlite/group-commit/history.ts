import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Fault, faultKinds, writingSteps } from './faults.ts';
import type { Append, NaiveLog } from './naive-log.ts';

export interface Wish {
  /** Which of the streams so far; a new one is begun with every eighth. */
  readonly which: number;
  readonly how: 'new stream' | 'next' | 'any' | 'stale' | 'again';
  readonly count: number;
}

export type Step =
  | { readonly kind: 'group'; readonly wishes: readonly Wish[] }
  /** Commits that have nothing to write but the index. */
  | { readonly kind: 'idle'; readonly commits: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'room' };

const which = fc.nat(10_000);
const wish: fc.Arbitrary<Wish> = fc.record({
  which,
  how: fc.constantFrom('new stream', 'new stream', 'next', 'next', 'any', 'stale', 'again'),
  count: fc.constantFrom(1, 1, 1, 2, 3),
});
const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom(...faultKinds),
  at: fc.constantFrom(...writingSteps),
});
const group = fc.record({
  kind: fc.constant('group' as const),
  wishes: fc.array(wish, { minLength: 1, maxLength: 3, size: 'max' }),
});
const idle = fc.record({
  kind: fc.constant('idle' as const),
  commits: fc.integer({ min: 1, max: 9 }),
});

export const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: group },
    { weight: 10, arbitrary: idle },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('fault' as const), fault }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), which }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    { weight: 8, arbitrary: fc.constant({ kind: 'room' as const }) },
  ),
  { minLength: 100, maxLength: 500, size: 'max' },
);

const newIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
/** Some are of those whose outcomes find room when nothing else does. */
const newName = (at: number): string => `${at % 3 === 0 ? 'invocation' : 'entity'}-${randomUUID()}`;

/** What a caller would ask for that knows the log as it is. */
export const appendsOf = (
  wishes: readonly Wish[],
  naive: NaiveLog,
  lastAppends: ReadonlyMap<string, Append>,
): Append[] => {
  const names = naive.names();
  const lengths = new Map<string, number>();
  return wishes.map(({ which: at, how, count }) => {
    const stream = (how === 'new stream' ? undefined : names[at % names.length]) ?? newName(at);
    const length = lengths.get(stream) ?? naive.of(stream).length;
    const again = how === 'again' ? lastAppends.get(stream) : undefined;
    if (again !== undefined) return again;
    if (how === 'stale') return { stream, expected: length + 3, ids: newIds(count) };
    lengths.set(stream, length + count);
    return { stream, expected: how === 'any' ? how : length - 1, ids: newIds(count) };
  });
};
