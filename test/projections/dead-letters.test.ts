import { expect, it } from 'vitest';
import { deadLetters } from '../../projections/dead-letters.ts';
import { instantOf, recorded, type Written } from '../views/history.ts';
import { cancelled, dead, queued, retried, started } from '../views/stories.ts';
import { folded } from './folding.ts';

const letters = (...history: readonly Written[]) =>
  folded(deadLetters, recorded(history)).documents;

it('keeps what ended without success, and why', () => {
  expect(letters(queued('i1'), started('i1'), dead('i1', 1, 'gone'))).toEqual({
    i1: expect.objectContaining({ workspace: 'acme', reason: 'gone', diedAt: instantOf(3) }),
  });
});

it('lets go of what is retried', () => {
  expect(letters(queued('i1'), dead('i1'), retried('i1', 'i2'))).toEqual({});
});

it('lets go of what a replay delivers again', () => {
  const replay = (repeats: string | null) => ({ replay: { id: 'r', repeats } });
  const history = [queued('i1'), dead('i1')];
  expect(letters(...history, queued('i2', replay('i1')))).toEqual({});
  expect(letters(...history, queued('i2', replay(null)))).toHaveProperty('i1');
});

it('has nothing of what was cancelled', () => {
  expect(letters(queued('i1'), cancelled('i1'))).toEqual({});
});
