import { describe } from 'vitest';
import { instantOf, type Written } from '../views/history.ts';
import { itAllows, itFinds, usual } from './cases.ts';
import { arrive, cancel, fail, idOf, queue, start } from './stories.ts';

const id = idOf('a');
const beginning = [...usual, arrive('a'), queue('a', { timeoutMs: 15_000 })];
const by = (claimedBy: string, attempt = 1): Written => start('a', attempt, { claimedBy });
const until = (seconds: number): Written => start('a', 1, { leaseUntil: instantOf(seconds) });
const end = cancel('a', 1);

describe('a start', () => {
  itAllows(
    [
      ['a lease as long as the deadline', until(15), end],
      ['another owner after a crash', by('me'), fail('a'), by('other', 2), cancel('a', 2)],
    ],
    beginning,
  );
  itFinds(
    [
      [`${id} is leased for 14000 ms and may take 15000`, until(14), end],
      [`${id} is leased for -1000 ms`, until(-1), end],
      [`${id} is leased for NaN ms`, start('a', 1, { leaseUntil: 'later' }), end],
      [
        `${id} is started by me, who was replaced`,
        by('me'),
        fail('a'),
        by('other', 2),
        fail('a', 2),
        by('me', 3),
        cancel('a', 3),
      ],
    ],
    beginning,
  );
  itAllows(
    [
      [
        'owners in turn on a shared log',
        by('me'),
        fail('a'),
        by('other', 2),
        fail('a', 2),
        by('me', 3),
        cancel('a', 3),
      ],
    ],
    beginning,
    { owners: 'several' },
  );
});
