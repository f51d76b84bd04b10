import { expect, it } from 'vitest';
import { boundsOf, isWithin } from '../../src/views/timeline-blocks.ts';
import type { AuditQuery } from '../../src/views/views.ts';
import { positionOf } from './history.ts';

const cursor = (place: number) => Buffer.from(positionOf(place)).toString('base64url');
const within = (query: Partial<AuditQuery>): number[] => {
  const bounds = boundsOf({ order: 'asc', limit: 10, ...query } as AuditQuery);
  return [1, 2, 3, 4, 5].filter((place) => isWithin(positionOf(place), bounds));
};

it.each<[string, Partial<AuditQuery>, number[]]>([
  ['all of it', {}, [1, 2, 3, 4, 5]],
  ['what lies behind a cursor', { after: cursor(2) }, [3, 4, 5]],
  ['what lies before one, backwards', { order: 'desc', after: cursor(2) }, [1]],
  ['all of it backwards', { order: 'desc' }, [1, 2, 3, 4, 5]],
  [
    'a part, both ends included',
    { fromPosition: positionOf(2), toPosition: positionOf(4) },
    [2, 3, 4],
  ],
  ['what is in both', { fromPosition: positionOf(2), after: cursor(3) }, [4, 5]],
])('a query is about %s', (_, query, places) => {
  expect(within(query)).toEqual(places);
});

it('a query without instants is about all of them', () => {
  const now = '2026-01-01T00:00:00.000Z';
  const open = boundsOf({ order: 'asc', limit: 10 } as AuditQuery);
  expect(open.fromTime <= now && now <= open.toTime).toBe(true);
  const bounded = { order: 'asc', limit: 10, fromTime: now, toTime: now } as AuditQuery;
  expect(boundsOf(bounded)).toMatchObject({ fromTime: now, toTime: now });
});
