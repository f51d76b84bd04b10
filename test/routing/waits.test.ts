import { describe, expect, it } from 'vitest';
import type { InvocationFact } from '../../src/domain/invocation/machine.ts';
import type { Neighbour, Terms, Wait, Waiting } from '../../src/routing/wait.ts';
import { waitsOf } from '../../src/routing/waits.ts';
import { failureOf, queued } from '../views/stories.ts';

const start = Date.UTC(2026, 0, 1);
const at = (seconds: number): number => start + seconds * 1_000;
const iso = (seconds: number): string => new Date(at(seconds)).toISOString();

const ids = { invocationId: 'me', triggerId: 't' };
const attempt = (n: number) => ({ ...ids, attempt: n, attemptId: `me-${n}` });

type Told = Waiting['facts'][number];

const fact = (seconds: number, { type, data }: { type: string; data: object }): Told =>
  ({ type, data, metadata: { occurredAt: iso(seconds) } }) as unknown as Told;

const isQueued = (seconds: number) => fact(seconds, queued('me').fact);
const isStarted = (seconds: number, n = 1) =>
  fact(seconds, {
    type: 'InvocationStarted',
    data: { ...attempt(n), claimedBy: 'o', leaseUntil: iso(seconds + 60) },
  });
const hasFailed = (seconds: number, retryAt: number, n = 1) =>
  fact(seconds, {
    type: 'InvocationFailed',
    data: { ...attempt(n), durationMs: 1, failure: failureOf(), retryAt: iso(retryAt) },
  });
const isLost = (seconds: number, retryAt: number, n = 1) =>
  fact(seconds, { type: 'AttemptLost', data: { ...attempt(n), retryAt: iso(retryAt) } });
const isOver = (seconds: number, type: InvocationFact['type'] = 'InvocationCancelled') =>
  fact(seconds, { type, data: { ...ids, attempt: 0, reason: 'by ann' } });

const other = (invocationId: string, more: Partial<Neighbour> = {}): Neighbour => ({
  ...{ invocationId, triggerId: 't', orderingKey: null, position: '1', runs: [] },
  endedAt: Number.POSITIVE_INFINITY,
  ...more,
});
const running = (id: string, from: number, to: number, more: Partial<Neighbour> = {}) =>
  other(id, { runs: [{ from: at(from), to: at(to) }], endedAt: at(to), ...more });

const free: Terms = {
  ...{ at: at(-1_000), held: null },
  ...{ triggerLimit: Number.POSITIVE_INFINITY, functionLimit: Number.POSITIVE_INFINITY },
};

const told = (
  facts: readonly Told[],
  neighbours: readonly Neighbour[] = [],
  terms: readonly Terms[] = [free],
  orderingKey: string | null = null,
) =>
  waitsOf({ triggerId: 't', orderingKey, position: '5', facts }, neighbours, terms, at(1_000)).map(
    ({ from, to, behind, until, ...rest }: Wait) => [
      ...[rest.attempt, rest.for, (from - start) / 1_000, (to - start) / 1_000],
      ...(until === null ? [] : [`until ${(until - start) / 1_000}`]),
      ...behind,
    ],
  );

const never = Number.POSITIVE_INFINITY;

describe('an invocation waits', () => {
  it('for nothing where it started at once', () => {
    expect(told([isQueued(0), isStarted(0), isOver(5)])).toEqual([]);
  });

  it('for its turn, which nobody can say more about', () => {
    expect(told([isQueued(0), isStarted(3)])).toEqual([[1, 'turn', 0, 3]]);
  });

  it('to this day where it has not started, and to its end where it never did', () => {
    expect(told([isQueued(0)])).toEqual([[1, 'turn', 0, never]]);
    expect(told([isQueued(0), isOver(4)])).toEqual([[1, 'turn', 0, 4]]);
  });

  it('for the time of a retry, and then for whatever else', () => {
    const facts = [isQueued(0), isStarted(0), hasFailed(1, 10), isStarted(12, 2)];
    expect(told(facts)).toEqual([
      [2, 'retry', 1, 10, 'until 10'],
      [2, 'turn', 10, 12],
    ]);
    expect(told(facts.slice(0, 3))).toEqual([
      [2, 'retry', 1, 10, 'until 10'],
      [2, 'turn', 10, never],
    ]);
    expect(told([...facts.slice(0, 2), hasFailed(1, 2_000)])).toEqual([
      [2, 'retry', 1, never, 'until 2000'],
    ]);
    expect(told([...facts.slice(0, 3), isOver(4)])).toEqual([[2, 'retry', 1, 4, 'until 10']]);
  });

  it('for no retry that was due when it was recorded', () => {
    const facts = [isQueued(0), isStarted(0), hasFailed(5, 3), isStarted(6, 2)];
    expect(told(facts)).toEqual([[2, 'turn', 5, 6]]);
  });

  it('for the lease of an attempt that was lost', () => {
    expect(told([isQueued(0), isStarted(0), isLost(60, 61), isStarted(61, 2)])).toEqual([
      [1, 'lease', 0, 60, 'until 60'],
      [2, 'retry', 60, 61, 'until 61'],
    ]);
  });

  it('for nothing any more once it was repeated after its end', () => {
    expect(
      told([isQueued(0), isOver(4), fact(9, { type: 'InvocationRetried', data: ids })]),
    ).toEqual([[1, 'turn', 0, 4]]);
  });

  it('for a slot of its trigger, and by whom it is taken', () => {
    const terms = [{ ...free, triggerLimit: 2 }];
    const neighbours = [running('a', -5, 4), running('b', -5, 3), running('c', 3, 9)];
    expect(told([isQueued(0), isStarted(4)], neighbours, terms)).toEqual([
      [1, 'trigger-slot', 0, 4, 'a', 'b', 'c'],
    ]);
    const others = neighbours.map((each) => ({ ...each, triggerId: 'u' }));
    expect(told([isQueued(0), isStarted(4)], others, terms)).toEqual([[1, 'turn', 0, 4]]);
  });

  it('for a slot of its function, whichever trigger has it, and not while a retry is waited for', () => {
    const terms = [{ ...free, functionLimit: 1 }];
    const runs = [
      { from: at(-9), to: at(2) },
      { from: at(5), to: at(7) },
    ];
    const neighbours = [other('a', { triggerId: 'u', runs })];
    expect(told([isQueued(0), isStarted(8)], neighbours, terms)).toEqual([
      [1, 'function-slot', 0, 2, 'a'],
      [1, 'turn', 2, 5],
      [1, 'function-slot', 5, 7, 'a'],
      [1, 'turn', 7, 8],
    ]);
  });

  it('behind each that came before with its key, retries included, and behind no other', () => {
    const key = { orderingKey: 'k' };
    const neighbours = [
      running('a', 0, 1, { ...key, endedAt: at(3), position: '1' }),
      running('b', 3, 6, { ...key, position: '2' }),
      running('z', 0, 100, { ...key, position: '6' }),
      running('o', 0, 100, { orderingKey: 'l', position: '3' }),
      running('u', 0, 100, { ...key, triggerId: 'u', position: '3' }),
    ];
    expect(told([isQueued(0), isStarted(6)], neighbours, [free], 'k')).toEqual([
      [1, 'ordering-key', 0, 3, 'a'],
      [1, 'ordering-key', 3, 6, 'b'],
    ]);
    expect(told([isQueued(0), isStarted(6)], neighbours)).toEqual([[1, 'turn', 0, 6]]);
  });

  it('while its trigger is stopped or suspended, whatever else is in its way', () => {
    const terms: Terms[] = [
      { ...free, functionLimit: 1 },
      { ...free, at: at(2), held: 'stopped', functionLimit: 1 },
      { ...free, at: at(4), held: 'suspended', functionLimit: 1 },
      { ...free, at: at(6), functionLimit: 1 },
      { ...free, at: at(8), functionLimit: 2 },
    ];
    expect(told([isQueued(0), isStarted(9)], [running('a', -1, 99)], terms)).toEqual([
      [1, 'function-slot', 0, 2, 'a'],
      [1, 'stopped', 2, 4],
      [1, 'suspended', 4, 6],
      [1, 'function-slot', 6, 8, 'a'],
      [1, 'turn', 8, 9],
    ]);
  });

  it('names twenty at most, and takes no longer than it has to with many', () => {
    const terms = [{ ...free, functionLimit: 10 }];
    const neighbours = Array.from({ length: 5_000 }, (_, n) =>
      running(`n${n}`, Math.floor(n / 10) / 10, (Math.floor(n / 10) + 1) / 10),
    );
    const [wait, ...more] = told([isQueued(0), isStarted(50)], neighbours, terms);
    expect(wait?.slice(0, 4)).toEqual([1, 'function-slot', 0, 50]);
    expect(wait).toHaveLength(24);
    expect(more).toEqual([]);
  });
});
