import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

const pageOf = async (server: ServerUnderTest, page: number, limit: number) => {
  const answer = await server.ask('GET', `function-triggers?page=${page}&limit=${limit}`);
  return answer.json().triggers as readonly Listed[];
};

/** Appends take their time, each its own, so that creations overtake each other. */
const uneven =
  (delays: readonly number[]) =>
  (store: EventStore): EventStore => {
    let count = 0;
    return {
      ...store,
      append: async (...given) => {
        count += 1;
        for (let turn = delays[count % delays.length] ?? 0; turn > 0; turn -= 1)
          await new Promise(setImmediate);
        return await store.append(...given);
      },
    };
  };

/** Every page until one is not full; `between` happens beside the first of them. */
const readThrough = async (server: ServerUnderTest, limit: number, between: () => void) => {
  const seen: Listed[] = [];
  for (let page = 1; ; page += 1) {
    if (page < 6) between();
    const items = await pageOf(server, page, limit);
    seen.push(...items);
    if (items.length < limit) return seen;
  }
};

const idsOf = (listed: readonly Listed[]): readonly string[] => listed.map(({ id }) => id);

describe('paging through triggers while others are created', () => {
  it('shows what was there at the beginning, nothing twice, in the order of creation', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (delays, limit, atOnce) => {
          await using server = await startServer({ around: uneven(delays) });
          const create = () => server.createTrigger();
          const before = await Promise.all(Array.from({ length: 5 }, create));
          const creating: Promise<unknown>[] = [];
          const seen = await readThrough(server, limit, () => {
            creating.push(...Array.from({ length: atOnce }, create));
          });
          const ids = idsOf(seen);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
          const order = seen.map(({ createdAt, id }) => `${createdAt} ${id}`);
          expect(order).toEqual(order.toSorted());
          await Promise.all(creating);
          expect(idsOf(await pageOf(server, 1, 500)).slice(0, ids.length)).toEqual(ids);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('shows what was created before it was asked, whatever else is under way', async () => {
    await using server = await startServer({ around: uneven([5, 0, 3]) });
    const slow = server.createTrigger({ name: 'slow' });
    const { id } = await server.createTrigger({ name: 'quick' });
    expect((await pageOf(server, 1, 500)).map((listed) => listed.id)).toContain(id);
    await slow;
  });
});

describe('triggers of one millisecond', () => {
  it('are listed in the order of creation all the same, the system default first', async () => {
    const now = Date.now();
    await using server = await startServer({ clock: { ...systemClock, now: () => now } });
    const names = Array.from({ length: 12 }, (_, index) => `number ${index}`);
    for (const name of names) await server.createTrigger({ name });
    const listed = await pageOf(server, 1, 500);
    expect(listed.map(({ name }) => name)).toEqual(['System default trigger', ...names]);
  });
});
