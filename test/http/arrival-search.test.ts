import { expect, it } from 'vitest';
import type { ArrivalDocument } from '../../projections/arrivals.ts';
import { searchArrivals } from '../../src/http/routes/arrival-search.ts';
import type { RouteDeps } from '../../src/http/routes/route.ts';
import type { FindQuery } from '../../src/views/views.ts';

/** So many arrivals, of which every n-th was withheld from a trigger; pages as the views give them. */
const searching = (count: number, each: number) => {
  let reads = 0;
  const documents = Array.from({ length: count }, (_, n) => ({
    ...{ arrivalId: `a${n}`, position: String(n).padStart(16, '0') },
    withheld: n % each === each - 1 ? [{ triggerId: 't', reason: 'paused' }] : [],
  })) as unknown as ArrivalDocument[];
  const find = async (name: string, { after, limit }: FindQuery) => {
    if (name === 'invocations') return { documents: [], next: null };
    reads += 1;
    const from = after === undefined ? 0 : Number(Buffer.from(after, 'base64url').toString()) + 1;
    const page = documents.slice(from, from + limit);
    const last = page.at(-1)?.position ?? '';
    const next = from + limit < count ? Buffer.from(last).toString('base64url') : null;
    return { documents: page, next };
  };
  const views = { find } as unknown as RouteDeps['views'];
  const search = async (after: string | undefined, limit: number, wanted: object) => {
    const { found, next } = await searchArrivals({ views }, { order: 'asc', after, limit }, wanted);
    return { ids: found.map(({ document }) => document.arrivalId), next };
  };
  const all = async (limit: number, wanted: object) => {
    const ids: string[] = [];
    const sizes: number[] = [];
    let after: string | undefined;
    do {
      const page = await search(after, limit, wanted);
      ids.push(...page.ids);
      sizes.push(page.ids.length);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return { ids, sizes };
  };
  return { search, all, reads: () => reads };
};

const every = (count: number, each: number) =>
  Array.from({ length: Math.floor(count / each) }, (_, n) => `a${(n + 1) * each - 1}`);

it.each([
  [50, 1_000, 7],
  [1, 40, 3],
  [500, 1_200, 2],
  [3, 9, 3],
])('finds each once, in pages of %i', async (limit, count, each) => {
  const { ids, sizes } = await searching(count, each).all(limit, { trigger: 't' });
  expect(ids).toEqual(every(count, each));
  expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
  expect(sizes.at(-1)).toBeGreaterThan(0);
});

it('looks at so many for one page, and goes on with the next', async () => {
  const { search, all, reads } = searching(12_001, 12_001);
  const first = await search(undefined, 50, { outcome: 'withheld' });
  expect(first.ids).toEqual([]);
  expect(first.next).not.toBeNull();
  expect(reads()).toBe(4);
  const { ids, sizes } = await all(50, { outcome: 'withheld' });
  expect([ids, sizes]).toEqual([['a12000'], [0, 0, 0, 0, 0, 0, 1]]);
});

it('asks for no more than a page where nothing is looked for', async () => {
  const { search, reads } = searching(1_000, 2);
  expect((await search(undefined, 5, {})).ids).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  expect(reads()).toBe(1);
});
