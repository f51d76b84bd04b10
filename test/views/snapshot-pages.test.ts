import { expect, it } from 'vitest';
import { type SnapshotPage, snapshotFrom } from '../../src/views/snapshot-pages.ts';
import { positionOf } from './history.ts';

const part = (documents: Readonly<Record<string, object>>) => ({
  keys: Object.keys(documents),
  text: JSON.stringify(Object.values(documents)),
});

const page = (
  next: number | null,
  {
    registry = {},
    queue = {},
    schedules = {},
    openReplays = {},
  }: Readonly<Record<string, Record<string, object>>>,
): SnapshotPage => ({
  ...{ position: positionOf(9), eventId: 'event-9', next },
  registry: part(registry),
  queue: part(queue),
  schedules: part(schedules),
  openReplays: part(openReplays),
});

/** Pages by the place they are asked for, and what was asked. */
const paged = (pages: Readonly<Record<number, SnapshotPage>>) => {
  const asked: number[] = [];
  const pageAfter = async (place: number) => {
    asked.push(place);
    return pages[place];
  };
  return { asked, pageAfter };
};

it('a snapshot is all of its pages, each view by itself', async () => {
  const { asked, pageAfter } = paged({
    0: page(5, { registry: { a: { n: 1 }, b: { n: 2 } }, queue: { i: { n: 3 } } }),
    5: page(6, {}),
    6: page(null, { registry: { c: { n: 4 } }, schedules: { t: { n: 5 } } }),
  });
  const snapshot = await snapshotFrom(pageAfter);
  expect(snapshot).toMatchObject({ position: positionOf(9), eventId: 'event-9' });
  const entries = (documents: Iterable<unknown> | undefined) => [...(documents ?? [])];
  expect(entries(snapshot?.registry)).toEqual([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
    ['c', { n: 4 }],
  ]);
  expect(entries(snapshot?.queue)).toEqual([['i', { n: 3 }]]);
  expect(entries(snapshot?.schedules)).toEqual([['t', { n: 5 }]]);
  expect(asked).toEqual([0, 5, 6]);
});

it('there is no snapshot where there is no page, or none any more', async () => {
  expect(await snapshotFrom(paged({}).pageAfter)).toBeUndefined();
  const half = paged({ 0: page(5, { registry: { a: { n: 1 } } }) });
  expect(await snapshotFrom(half.pageAfter)).toBeUndefined();
});
