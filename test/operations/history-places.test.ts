import { expect, it } from 'vitest';
import { asPosition } from '../../src/domain/position.ts';
import { arrivalList, createHistoryPlaces } from '../../src/operations/history-places.ts';
import { cursorOf } from '../../src/views/find-statement.ts';
import type { Views } from '../../src/views/views.ts';

const place = (n: number) => asPosition(String(n).padStart(16, '0'));

/** Arrivals at these places, of which the views show only those up to where they have come. */
const placesOf = (arrivals: readonly number[], shown: number) => {
  let upTo = place(shown);
  const views = {
    reached: async (position: string) => {
      if (position > upTo) upTo = asPosition(position);
    },
    find: async (_: string, { after = '' }: { readonly after?: string }) => ({
      documents: arrivals
        .map(place)
        .filter((position) => position <= upTo && cursorOf(position) < after)
        .reverse()
        .slice(0, 1)
        .map((position) => ({ position })),
      next: null,
    }),
  };
  return createHistoryPlaces({ views: views as unknown as Views });
};

it('a place begins behind the one before, also where that was seen by another process only', async () => {
  const begins = (shown: number) =>
    placesOf([46, 49, 50], shown).placeBefore('acme', arrivalList, { position: place(50) });
  expect(await begins(50)).toBe(place(49));
  expect(await begins(46)).toBe(place(49));
});

it('everything begins at the beginning', async () => {
  expect(await placesOf([46], 46).placeBefore('acme', arrivalList, undefined)).toBe('');
  const first = { position: place(46) };
  expect(await placesOf([46], 46).placeBefore('acme', arrivalList, first)).toBe('');
});
