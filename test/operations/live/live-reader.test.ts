import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/domain/clock.ts';
import { silentLogger } from '../../../src/domain/logger.ts';
import { beginning, type Position } from '../../../src/domain/position.ts';
import type { StoredEvent } from '../../../src/domain/recorded.ts';
import { createTail } from '../../../src/log/tail.ts';
import type { LiveFilter } from '../../../src/operations/live/live-filter.ts';
import { openLiveReader } from '../../../src/operations/live/live-reader.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import type { Views } from '../../../src/views/views.ts';
import { positionOf, recorded, type Written } from '../../views/history.ts';
import { queued, started, succeeded } from '../../views/stories.ts';
import { appendTo, endOf, openedViews, storeWith } from '../../views/view-engine-setup.ts';

const workspaceOf = (events: readonly StoredEvent[]) => events[0]?.metadata.workspace ?? '';

const reading = async (
  store: EventStore,
  views: Pick<Views, 'audit' | 'get'>,
  filter: LiveFilter,
  after?: Position,
) => {
  const tail = createTail({ store, clock: systemClock, random: Math.random, log: silentLogger });
  const reader = await openLiveReader({ tail, views, clock: systemClock }, filter, after);
  const found: StoredEvent[] = [];
  let upTo = beginning;
  const readOn = async (patienceMs = 0): Promise<void> => {
    const page = await reader.next(patienceMs);
    found.push(...page.facts);
    expect(page.upTo >= upTo).toBe(true);
    expect(page.facts.every(({ position }) => position > upTo && position <= page.upTo)).toBe(true);
    upTo = page.upTo;
  };
  const readUpTo = async (position: Position): Promise<void> => {
    while (upTo < position) await readOn(1_000);
  };
  return { reader, found, readOn, readUpTo, upTo: () => upTo };
};

/** One invocation after the other, of two functions by turns. */
const life = (count: number): readonly Written[] =>
  Array.from({ length: count }, (_, n) => {
    const id = `i${n}`;
    return [queued(id, { functionId: `f${n % 2}` }), started(id), succeeded(id)];
  }).flat();

interface Turn {
  readonly append: number;
  readonly read: number;
}

const placesOf = (events: readonly StoredEvent[]) => events.map(({ position }) => position);

describe('a live reader', () => {
  it('is handed each fact that fits once, in order, however reading and recording take turns', async () => {
    const log = recorded(life(900));
    const turns = fc.array(
      fc.record({ append: fc.constantFrom(0, 1, 3, 20, 300), read: fc.nat(4) }),
      { maxLength: 10 },
    );
    const types = fc.constantFrom(undefined, ['InvocationStarted'], ['InvocationQueued', 'Other']);
    const tried = async (taken: readonly Turn[], from: number, wanted?: readonly string[]) => {
      const store = await storeWith(log.slice(0, 12));
      const filter = { workspace: workspaceOf(log), types: wanted };
      const after = from === 0 ? beginning : positionOf(from);
      const run = await reading(store, await openedViews(store), filter, after);
      let end = 12;
      for (const { append, read } of taken) {
        await appendTo(store, log.slice(end, end + append));
        end = Math.min(end + append, log.length);
        for (let n = 0; n < read; n += 1) await run.readOn();
      }
      await run.readUpTo(positionOf(end));
      const expected = log.slice(from, end).filter(({ type }) => wanted?.includes(type) ?? true);
      expect(placesOf(run.found)).toEqual(placesOf(expected));
    };
    const law = fc.asyncProperty(turns, fc.nat(12), types, tried);
    await fc.assert(law, { numRuns: 25 });
  });

  it('knows of a fact whose invocation it is, also where it was queued long before', async () => {
    const log = recorded(life(6));
    const store = await storeWith(log.slice(0, 8));
    const views = await openedViews(store);
    const filter = { workspace: workspaceOf(log), functionId: 'f0' };
    const { found, readUpTo } = await reading(store, views, filter, positionOf(1));
    await appendTo(store, log.slice(8));
    await readUpTo(endOf(log));
    const mine = log.filter((_, index) => index > 0 && Math.floor(index / 3) % 2 === 0);
    expect(placesOf(found)).toEqual(placesOf(mine));
  });

  it('says how far it has come where nothing fits', async () => {
    const log = recorded(life(2));
    const store = await storeWith(log.slice(0, 3));
    const views = await openedViews(store);
    const { found, readOn, upTo } = await reading(store, views, { workspace: 'nobody' });
    await appendTo(store, log.slice(3));
    await expect
      .poll(async () => {
        await readOn();
        return upTo();
      })
      .toBe(endOf(log));
    expect(found).toEqual([]);
  });

  it('ends with the reason that it was given, also where it waits', async () => {
    const store = await storeWith([]);
    const views = await openedViews(store);
    const { reader } = await reading(store, views, { workspace: 'nobody' });
    const why = new Error('enough');
    const waiting = reader.next(60_000);
    reader.end(why);
    reader.end(new Error('once more'));
    await expect(waiting).rejects.toBe(why);
    await expect(reader.next(0)).rejects.toBe(why);
  });
});
