import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/domain/clock.ts';
import { silentLogger } from '../../../src/domain/logger.ts';
import { beginning } from '../../../src/domain/position.ts';
import type { StoredEvent } from '../../../src/domain/recorded.ts';
import { follow as followForGood } from '../../../src/log/follow.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { follow } from '../contract/followed.ts';
import { idsOf, newStream, sample, samples } from '../contract/sample.ts';
import { openEsdb, soonMs } from './under-test.ts';

const following = (store: EventStore) => {
  const received: StoredEvent[] = [];
  const { stop } = followForGood(store, {
    from: beginning,
    onEvents: (events) => void received.push(...events),
    onFailed: (error) => {
      throw error;
    },
    log: silentLogger,
    random: () => 0,
    clock: systemClock,
  });
  return { received, stop };
};

describe('a subscription', () => {
  it.each([
    ['crashes', async (double: { crash(): void }) => double.crash()],
    ['shuts down in order', (double: { shutDown(): Promise<void> }) => double.shutDown()],
  ])('is told as dropped, once, when the server %s', async (_, fail) => {
    await using esdb = await openEsdb();
    const onDropped = vi.fn();
    const caughtUp = new Promise<void>((onCaughtUp) => {
      esdb.store.subscribeAll({ from: 'start' }, { onEvents: () => {}, onCaughtUp, onDropped });
    });
    await caughtUp;
    await fail(esdb.double);
    await expect.poll(() => onDropped.mock.calls.length).toBeGreaterThan(0);
    await esdb.double.restart();
    await esdb.store.append(newStream(), 'no_stream', [sample()]);

    expect(onDropped).toHaveBeenCalledOnce();
    expect(onDropped).toHaveBeenCalledWith(expect.objectContaining({ code: 'store-unavailable' }));
  });

  it('is told as dropped when its call cannot be made', async () => {
    await using esdb = await openEsdb();
    esdb.double.faults.read.push('unavailable');
    await using followed = follow(esdb.store, 'start');

    expect(await followed.dropped).toMatchObject({ code: 'store-unavailable' });
  });

  it('is told as dropped when another call gave the connection up', async () => {
    await using esdb = await openEsdb({ appendTimeoutMs: soonMs });
    await using followed = follow(esdb.store, 'start');
    await followed.caughtUp;
    esdb.double.faults.append.push('hang');
    await esdb.store.append(newStream(), 'no_stream', [sample()]);

    expect(await followed.dropped).toMatchObject({ code: 'store-unavailable' });
  });

  it('that is taken up again misses nothing and hands over nothing twice', async () => {
    await using esdb = await openEsdb();
    const { received, stop } = following(esdb.store);
    const ids: string[] = [];
    for (const end of ['crash', 'shutDown', 'crash', 'none'] as const) {
      for (let index = 0; index < 20; index += 1) {
        const events = samples(10);
        await esdb.store.append(newStream(), 'no_stream', events);
        ids.push(...idsOf(events));
      }
      if (end === 'none') continue;
      await esdb.double[end]();
      await esdb.double.restart();
    }
    await expect.poll(() => received.length).toBeGreaterThanOrEqual(ids.length);
    await stop();

    expect(idsOf(received)).toEqual(ids);
  });

  it('has caught up only when everything that came before was handled', async () => {
    await using esdb = await openEsdb();
    await esdb.store.append(newStream(), 'no_stream', samples(1_000));
    const handled: StoredEvent[] = [];
    const handledWhenTold = await new Promise<number>((resolve) => {
      esdb.store.subscribeAll(
        { from: 'start' },
        {
          onEvents: async (events) => {
            // The client has everything by then, and has said so, long before this one is through.
            await expect.poll(() => esdb.double.seen.caughtUps).toBeGreaterThan(0);
            for (let turns = 0; turns < 50; turns += 1) await nextTurn();
            handled.push(...events);
          },
          onCaughtUp: () => resolve(handled.length),
        },
      );
    });

    expect(handledWhenTold).toBe(1_000);
  });

  it('never shows the events of the server itself', async () => {
    await using esdb = await openEsdb();
    await using followed = follow(esdb.store, 'start');
    await esdb.store.setStreamMetadata(newStream(), { maxCount: 1 });
    const event = sample();
    await esdb.store.append(newStream(), 'no_stream', [event]);
    await followed.until((events) => events.length > 0);

    expect(idsOf(followed.received)).toEqual([event.id]);
  });

  it('hands over at once what came in while its handler was busy', async () => {
    await using esdb = await openEsdb();
    await esdb.store.append(newStream(), 'no_stream', samples(1_000));
    const sizes: number[] = [];
    await using followed = follow(esdb.store, 'start', {
      onEvents: async (events) => {
        sizes.push(events.length);
        await expect.poll(() => esdb.double.seen.caughtUps).toBeGreaterThan(0);
        for (let turns = 0; turns < 50; turns += 1) await nextTurn();
      },
    });
    await followed.until((events) => events.length === 1_000);

    expect(sizes[1]).toBeGreaterThan(100);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(512);
  });

  it('does not hold up closing the store, and is not told as dropped then', async () => {
    const esdb = await openEsdb();
    const onDropped = vi.fn();
    const caughtUp = new Promise<void>((onCaughtUp) => {
      esdb.store.subscribeAll({ from: 'start' }, { onEvents: () => {}, onCaughtUp, onDropped });
    });
    await caughtUp;
    await esdb[Symbol.asyncDispose]();

    expect(onDropped).not.toHaveBeenCalled();
  });
});
