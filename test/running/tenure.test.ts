import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createTenure } from '../../src/running/tenure.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { createManualClock } from '../log/manual-clock.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('takes a lane of its own up once, however often the log was read to its end meanwhile', async () => {
  const answers: (() => void)[] = [];
  const readStream: EventStore['readStream'] = () =>
    new Promise((resolve) => {
      answers.push(() => resolve([]));
    });
  const taken: unknown[] = [];
  const tenure = createTenure({
    store: { exclusive: true, readStream } as unknown as EventStore,
    stream: 'lane-0',
    ownerId: 'me',
    clock: createManualClock().clock,
    newId: () => 'id',
    log: silentLogger,
    position: () => beginning,
    onTaken: (revision) => taken.push(revision),
    onLost: () => expect.unreachable(),
  });
  const both = [tenure.caughtUp(), tenure.caughtUp()];
  for (const answer of answers) answer();
  await Promise.all(both);
  await tenure.caughtUp();
  expect(taken).toEqual(['no_stream']);
});

describe('of two processes on one log', () => {
  const createScene = () => {
    const store: EventStore = { ...readsFacts(createMemoryStore()), exclusive: false };
    const time = createManualClock();
    const processOf = (ownerId: string, over: Partial<EventStore> = {}) => {
      const told: string[] = [];
      const log: StoredEvent[] = [];
      const tenure = createTenure({
        store: { ...store, ...over },
        ...{ stream: 'lane-0', ownerId, clock: time.clock, log: silentLogger },
        newId: systemChance.newId,
        position: () => log.at(-1)?.position ?? beginning,
        onTaken: (revision) => told.push(`taken at ${revision}`),
        onLost: () => told.push('lost'),
      });
      const read = async (): Promise<void> => {
        await settled();
        for (const event of (await store.readAll()).slice(log.length)) {
          log.push(event);
          tenure.heard(event);
        }
        await settled();
      };
      return { tenure, told, read };
    };
    const types = async () => (await store.readAll()).map(({ type }) => type);
    return { store, time, processOf, types };
  };

  it('the one whose record is first has the lane, and the other one is not upset', async () => {
    const { processOf, types } = createScene();
    const [one, other] = [processOf('one'), processOf('other')];
    await Promise.all([one.tenure.caughtUp(), other.tenure.caughtUp()]);
    for (const { read } of [one, other, one, other]) await read();
    expect([...one.told, ...other.told]).toEqual(['taken at 0']);
    expect((await types()).filter((type) => type === 'LaneTaken')).toHaveLength(1);
  });

  it('what goes wrong otherwise is told', async () => {
    const { processOf } = createScene();
    const { tenure } = processOf('one', {
      append: async () => {
        throw new TriplineError('store-unavailable', 'away');
      },
    });
    await expect(tenure.caughtUp()).rejects.toThrow('away');
  });

  /** One of them has the lane, the other one knows. */
  const createTaken = async () => {
    const { time, processOf } = createScene();
    const [one, other] = [processOf('one'), processOf('other')];
    await one.tenure.caughtUp();
    for (const { read } of [one, other]) await read();
    await other.tenure.caughtUp();
    await other.read();
    expect(other.told).toEqual([]);
    const seconds = async (count: number): Promise<void> => {
      for (let second = 0; second < count; second += 1) {
        await other.read();
        time.advance(1_000);
        await other.read();
      }
    };
    return { one, other, seconds };
  };

  it('the other one takes it at once where it was released', async () => {
    const { one, other, seconds } = await createTaken();
    await one.tenure.release(0);
    await seconds(2);
    expect(other.told).toEqual(['taken at 2']);
  });

  it('the other one takes it after eight seconds without a sign', async () => {
    const { one, other, seconds } = await createTaken();
    one.tenure.stop();
    await seconds(7);
    expect(other.told).toEqual([]);
    await seconds(3);
    expect(other.told).toEqual(['taken at 1']);
    await one.read();
    expect(one.told).toEqual(['taken at 0', 'lost']);
  });

  it('the owner is sure of the lane for as long as its last sign that came back is young', async () => {
    const { time, processOf } = createScene();
    const one = processOf('one');
    await one.tenure.caughtUp();
    expect(one.tenure.wasMineWithin(1_000)).toBe(false);
    await one.read();
    expect(one.tenure.wasMineWithin(1)).toBe(true);
    time.advance(900);
    expect([one.tenure.wasMineWithin(901), one.tenure.wasMineWithin(900)]).toEqual([true, false]);
  });
});
