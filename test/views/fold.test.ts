import { describe, expect, it } from 'vitest';
import { invocations } from '../../projections/invocations.ts';
import { timeline } from '../../projections/timeline.ts';
import { carefully, type Fold, foldOf } from '../../src/views/fold.ts';
import { recorded } from './history.ts';
import { queued } from './stories.ts';
import { recordingLogger } from './view-engine-setup.ts';

const future = { stream: 'x-1', fact: { type: 'FromTheFuture', data: {} } };
const [known, unknown] = recorded([queued('i1'), future]) as [never, never];

describe('a fold', () => {
  it('takes the events its projection folds, or all where that folds every one', () => {
    expect([known, unknown].map(foldOf(invocations).takes)).toEqual([true, false]);
    expect([known, unknown].map(foldOf(timeline).takes)).toEqual([true, true]);
  });

  it('leaves a document as it is over an event it knows nothing of', () => {
    const fold = foldOf(invocations);
    expect(fold.key(unknown, 0)).toBeUndefined();
    expect(fold.evolve(undefined, unknown, 0)).toBeUndefined();
  });
});

describe('a careful fold', () => {
  /** Throws so often before it gives an answer. */
  const failing = (times: number) => {
    let asked = 0;
    const ask = (): string => {
      asked += 1;
      if (asked <= times) throw new Error(`failure ${asked}`);
      return `answer ${asked}`;
    };
    const fold: Fold<string> = { takes: () => true, key: ask, evolve: ask };
    const { log, lines } = recordingLogger();
    return { fold: carefully('lamps', fold, log), lines, asked: () => asked };
  };

  it.each([0, 1, 2])('answers in the end, having failed %i times', (times) => {
    const key = failing(times);
    expect(key.fold.key(known, 0)).toBe(`answer ${times + 1}`);
    const document = failing(times);
    expect(document.fold.evolve('before', known, 0)).toBe(`answer ${times + 1}`);
    for (const { fold, lines } of [key, document])
      expect([fold.poisoned(), lines]).toEqual([0, []]);
  });

  it('sets an event aside on which it fails three times, and says so', () => {
    const key = failing(3);
    expect(key.fold.key(known, 0)).toBeUndefined();
    const document = failing(3);
    expect(document.fold.evolve('before', known, 0)).toBe('before');
    for (const { fold, lines, asked } of [key, document]) {
      expect([fold.poisoned(), asked()]).toEqual([1, 3]);
      expect(lines).toMatchObject([
        {
          level: 'error',
          fields: {
            ...{ view: 'lamps', type: 'InvocationQueued', err: { message: 'failure 3' } },
            ...{ stream: expect.any(String), position: expect.any(String) },
          },
        },
      ]);
    }
  });

  it('gives a document that was deleted after a failure as deleted', () => {
    let asked = 0;
    const evolve = () => {
      asked += 1;
      if (asked === 1) throw new Error('once');
      return undefined;
    };
    const fold = carefully(
      'lamps',
      { takes: () => true, key: () => 'k', evolve },
      recordingLogger().log,
    );
    expect(fold.evolve('before' as never, known, 0)).toBeUndefined();
  });
});
