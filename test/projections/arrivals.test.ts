import { expect, it } from 'vitest';
import { arrivals } from '../../projections/arrivals.ts';
import { instantOf, positionOf, recorded, type Written } from '../views/history.ts';
import { arrived, queued, withheld } from '../views/stories.ts';
import { folded } from './folding.ts';

const documents = (...history: readonly Written[]) => folded(arrivals, recorded(history)).documents;

it('keeps what came in, where and when, and not its bytes', () => {
  const { a1 } = documents(arrived('a0'), arrived('a1', '{"much":"of it"}'), queued('i1'));
  expect(a1).toMatchObject({
    workspace: 'acme',
    position: positionOf(2),
    receivedAt: instantOf(2),
    sourceKind: 'webhook',
    withheld: [],
  });
  expect(JSON.stringify(a1)).not.toContain('much');
});

it('keeps who let it pass, however often that was said', () => {
  const paused = { triggerId: 't1', reason: 'paused' } as const;
  const deleted = { triggerId: 't2', reason: 'deleted' } as const;
  const { a1, a2 } = documents(
    arrived('a1'),
    withheld('a1', paused),
    arrived('a2'),
    withheld('a1', deleted),
    withheld('unknown', paused),
  );
  expect(a1?.withheld).toEqual([paused, deleted]);
  expect(a2?.withheld).toEqual([]);
});
