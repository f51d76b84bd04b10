import { describe, expect, it } from 'vitest';
import type { InvocationDocument } from '../../projections/invocations.ts';
import type { Trace } from '../../src/domain/facts/arrival-facts.ts';
import { spanIdOf } from '../../src/domain/trace-context.ts';
import { causalTree } from '../../src/routing/causal-tree.ts';
import { positionOf, recorded, type Written } from '../views/history.ts';
import { arrived, triggerRegistered } from '../views/stories.ts';

const at = (place: number, written: Written) => recorded([written], place);

const arrivedWith = (arrivalId: string, trace?: Trace): Written => {
  const { fact, ...rest } = arrived(arrivalId);
  return { ...rest, fact: { ...fact, data: { ...fact.data, ...(trace && { trace }) } } };
};

const invocation = (
  invocationId: string,
  arrivalId: string,
  place: number,
  attempts = 0,
  retryOf: string | null = null,
) =>
  ({
    ...{ invocationId, arrivalId, retryOf, position: positionOf(place), status: 'succeeded' },
    ...{ queuedAt: 'q', finishedAt: null, triggerId: 't', functionId: 'f' },
    attempts: Array.from({ length: attempts }, (_, n) => ({
      ...{ attempt: n + 1, attemptId: `${invocationId}-${n + 1}`, startedAt: 's' },
      ...{ endedAt: null, outcome: 'running' },
    })),
  }) as unknown as InvocationDocument;

const shown = (...parts: Parameters<typeof causalTree>) =>
  causalTree(...parts).map(({ kind, id, depth }) => `${'· '.repeat(depth)}${kind} ${id}`);

const parentOf = (invocationId: string, attempt: number) =>
  `00-0af7651916cd43dd8448eb211c80319c-${spanIdOf(invocationId, attempt)}-01`;

describe('a story', () => {
  it('is a tree of what came from what, older ones first', () => {
    const facts = [
      ...at(1, arrivedWith('a')),
      ...at(9, arrivedWith('b', { causedBy: 'i' })),
      ...at(11, arrivedWith('c', { parent: parentOf('i', 2) })),
      ...at(12, arrivedWith('d')),
    ];
    const invocations = [
      invocation('i', 'a', 2, 2),
      invocation('j', 'a', 3),
      invocation('k', 'b', 10, 1),
      invocation('r', 'a', 20, 0, 'i'),
    ];
    expect(shown(facts, invocations)).toEqual([
      'arrival a',
      '· invocation i',
      '· · attempt i-1',
      '· · attempt i-2',
      '· · · arrival c',
      '· · arrival b',
      '· · · invocation k',
      '· · · · attempt k-1',
      '· · invocation r',
      '· invocation j',
      'arrival d',
    ]);
  });

  it('has what people asked for, and nothing of what stands for an arrival anyway', () => {
    const forgotten = {
      stream: 'arrival-a',
      fact: { type: 'PayloadForgotten', data: { arrivalId: 'a', places: ['1'] } },
    } as const;
    const facts = [
      ...at(1, triggerRegistered('t')),
      ...at(2, arrivedWith('a')),
      ...at(3, forgotten),
    ];
    const nodes = causalTree(facts, []);
    expect(nodes.map(({ kind }) => kind)).toEqual(['command', 'arrival']);
    expect(nodes[0]).toMatchObject({ type: 'TriggerRegistered', entity: 'trigger-t' });
  });

  it('believes nobody who says that it came from what came later, or from itself', () => {
    const facts = [
      ...at(1, arrivedWith('a', { causedBy: 'i' })),
      ...at(3, arrivedWith('b', { parent: parentOf('j', 1) })),
      ...at(5, arrivedWith('c', { causedBy: 'nobody' })),
    ];
    const invocations = [invocation('i', 'a', 2, 1), invocation('j', 'b', 4, 1)];
    expect(shown(facts, invocations)).toEqual([
      'arrival a',
      '· invocation i',
      '· · attempt i-1',
      'arrival b',
      '· invocation j',
      '· · attempt j-1',
      'arrival c',
    ]);
  });

  it('has whatever is left where its beginning is not at hand', () => {
    expect(shown([], [invocation('i', 'gone', 2), invocation('r', 'gone', 3, 0, 'lost')])).toEqual([
      'invocation i',
      'invocation r',
    ]);
  });
});
