import { expect, it } from 'vitest';
import type { InvariantOptions } from '../../src/invariants/invariant.ts';
import type { Written } from '../views/history.ts';
import { aFunction, aTrigger, judged } from './stories.ts';

/** What it is about, and the history. */
export type Line = [string, ...Written[]];

/** A function `f` and a webhook trigger `t` of it. */
export const usual: readonly Written[] = [aFunction(), aTrigger()];

const memories: readonly InvariantOptions[] = [{ remembers: 'all' }, { remembers: 'open' }];

/** None of these histories breaks a promise, however much is remembered. */
export const itAllows = (
  histories: readonly Line[],
  beginning = usual,
  options: InvariantOptions = {},
): void => {
  it.each(histories)('allows %s', (_, ...history) => {
    for (const memory of memories) {
      expect(judged([...beginning, ...history], { ...memory, ...options })).toEqual([]);
    }
  });
};

/** Each of these histories breaks a promise, and this is what is said of it. */
export const itFinds = (
  histories: readonly Line[],
  beginning = usual,
  where: readonly InvariantOptions[] = memories,
): void => {
  it.each(histories)('finds: %s', (sentence, ...history) => {
    for (const memory of where) {
      expect(judged([...beginning, ...history], memory).join('\n')).toContain(sentence);
    }
  });
};
