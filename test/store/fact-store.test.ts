import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/events.ts';
import { placeOf } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { recordOf } from '../../src/store/record.ts';

const metadata = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: '2026-11-29T12:00:00.000Z',
  $correlationId: 'c',
};

const retired = (triggerId: string): Fact => ({ type: 'TriggerRetired', data: { triggerId } });

/** A store with records of so many facts each, numbered through, in streams that take turns. */
const storeWith = async (sizes: readonly number[]) => {
  const store = readsFacts(createMemoryStore());
  let next = 0;
  for (const [at, size] of sizes.entries()) {
    const facts = Array.from({ length: size }, () => {
      next += 1;
      const own = next % 3 === 0 ? { own: { $correlationId: `of ${next}` } } : {};
      return { fact: retired(String(next)), schemaVersion: 1, ...own };
    });
    const record = recordOf(randomUUID(), facts, metadata);
    await store.append(`thing-${at % 2}`, 'any', [record]);
  }
  return store;
};

const numberOf = ({ data }: StoredEvent) => Number((data as { triggerId: string }).triggerId);
const numbers = (facts: readonly StoredEvent[]) => facts.map(numberOf);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });

describe('the facts of records', () => {
  it('come one by one in the order of the log, each at a place and with an id of its own', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (given) => {
        const facts = await (await storeWith(given)).readAll();
        expect(numbers(facts)).toEqual(upTo(sum(given)));
        const places = facts.map(({ position }) => position);
        expect(places).toEqual([...new Set(places)].sort());
        expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
      }),
    );
  });

  it('have what differs from their record, and its metadata otherwise', async () => {
    const facts = await (await storeWith([4])).readAll();
    expect(facts.map(({ metadata: { $correlationId } }) => $correlationId)).toEqual([
      'c',
      'c',
      'of 3',
      'c',
    ]);
    for (const fact of facts) {
      expect(fact).toMatchObject({ type: 'TriggerRetired', stream: 'thing-0', revision: 0 });
      expect(fact.metadata).toMatchObject({ workspace: 'acme', schemaVersion: 1 });
    }
  });

  it('can be read on from any of their places, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        async (given, pick, max) => {
          const store = await storeWith(given);
          const all = await store.readAll();
          const { position: from } = all[pick % all.length] as StoredEvent;
          const at = pick % all.length;
          const after = await store.readAll({ from });
          expect(numbers(after)).toEqual(numbers(all.slice(at)));
          const before = await store.readAll({ from, direction: 'backwards' });
          expect(numbers(before)).toEqual(numbers(all.slice(0, at)).reverse());
          const page = await store.readAll({ from, maxCount: max });
          expect(numbers(page)).toEqual(numbers(all.slice(at, at + page.length)));
          expect(page.length).toBeGreaterThanOrEqual(Math.min(max, all.length - at));
          const back = await store.readAll({ from, maxCount: max, direction: 'backwards' });
          expect(numbers(back)).toEqual(numbers(all.slice(at - back.length, at)).reverse());
          expect(back.length).toBeGreaterThanOrEqual(Math.min(max, at));
        },
      ),
    );
  });

  it('are followed in whole records, from after the one that was seen', async () => {
    const store = await storeWith([2, 3, 1]);
    const all = await store.readAll();
    const from = (all[3] as StoredEvent).position;
    const batches: number[][] = [];
    await new Promise<void>((resolve) => {
      store.subscribeAll(
        { from },
        { onEvents: (facts) => void batches.push(numbers(facts)), onCaughtUp: resolve },
      );
    });
    expect(batches.flat()).toEqual([6]);
  });

  it('of one stream come in its order, or the other way round', async () => {
    const store = await storeWith([2, 3, 1]);
    expect(numbers(await store.readStream('thing-0'))).toEqual([1, 2, 6]);
    const back = await store.readStream('thing-0', { direction: 'backwards' });
    expect(numbers(back)).toEqual([6, 2, 1]);
  });
});

it('facts of older releases are brought up to date, whichever way they are read', async () => {
  const memory = createMemoryStore();
  for (const [stream, ids] of [
    ['thing-0', ['1', '2']],
    ['thing-1', ['3']],
  ] as const) {
    const facts = ids.map((id) => ({ fact: retired(id), schemaVersion: 1 }));
    await memory.append(stream, 'any', [recordOf(randomUUID(), facts, metadata)]);
  }
  const store = readsFacts(memory, (fact) => ({ ...fact, type: `${fact.type} of today` }));
  const followed: StoredEvent[] = [];
  await new Promise<void>((resolve) => {
    const onEvents = (facts: readonly StoredEvent[]) => void followed.push(...facts);
    store.subscribeAll({ from: 'start' }, { onEvents, onCaughtUp: resolve });
  });
  const [, second] = await store.readAll();
  const place = second?.position ?? 'start';
  const ways = [
    followed,
    await store.readStream('thing-0'),
    await store.readStream('thing-0', { direction: 'backwards' }),
    await store.readAll(),
    await store.readAll({ direction: 'backwards' }),
    await store.readAll({ from: place }),
    await store.readAll({ from: place, direction: 'backwards' }),
  ];
  expect(ways.map(numbers)).toEqual([[1, 2, 3], [1, 2], [2, 1], [1, 2, 3], [3, 2, 1], [2, 3], [1]]);
  for (const facts of ways) {
    expect(new Set(facts.map(({ type }) => type))).toEqual(new Set(['TriggerRetired of today']));
  }
});

describe('a page of facts', () => {
  /** Records of two facts each, with what is asked of the store and how many facts are brought up. */
  const scene = async () => {
    const memory = createMemoryStore();
    for (let n = 0; n < 4; n += 1) {
      const facts = ['a', 'b'].map((id) => ({ fact: retired(id), schemaVersion: 1 }));
      await memory.append(`thing-${n}`, 'any', [recordOf(randomUUID(), facts, metadata)]);
    }
    let unpacked = 0;
    const asked: unknown[] = [];
    const counted = {
      ...memory,
      readAll: (options: Parameters<typeof memory.readAll>[0]) => {
        asked.push(options);
        return memory.readAll(options);
      },
    };
    const store = readsFacts(counted, (fact) => {
      unpacked += 1;
      return fact;
    });
    const places = (await store.readAll({})).map(({ position }) => position);
    asked.length = 0;
    unpacked = 0;
    const read = async (options: Parameters<typeof store.readAll>[0]) => {
      const facts = await store.readAll(options);
      return { found: facts.map(({ position }) => places.indexOf(position)), unpacked, asked };
    };
    return { read, place: (at: number) => places[at] as (typeof places)[number] };
  };

  it.each([
    ['the first one', {}, { maxCount: 2 }, [0, 1], 2],
    ['the first one, in words', {}, { from: 'start', maxCount: 1 }, [0, 1], 2],
    ['the last one', {}, { direction: 'backwards', maxCount: 2 }, [7, 6], 2],
    [
      'the last one, in words',
      {},
      { direction: 'backwards', from: 'end', maxCount: 3 },
      [7, 6, 5, 4],
      4,
    ],
    ['from a record', { at: 2 }, { maxCount: 2 }, [2, 3], 2],
    ['from within a record', { at: 3 }, { maxCount: 1 }, [3], 2],
    ['from within a record into the next', { at: 3 }, { maxCount: 2 }, [3, 4, 5], 4],
    ['back from a record', { at: 4 }, { direction: 'backwards', maxCount: 2 }, [3, 2], 2],
    ['back from within a record', { at: 5 }, { direction: 'backwards', maxCount: 1 }, [4], 2],
    [
      'back into the record before',
      { at: 5 },
      { direction: 'backwards', maxCount: 2 },
      [4, 3, 2],
      4,
    ],
    ['all behind a place', { at: 5 }, {}, [5, 6, 7], 4],
    ['all before a place', { at: 5 }, { direction: 'backwards' }, [4, 3, 2, 1, 0], 6],
  ] as const)(
    'takes apart no more records than it needs: %s',
    async (_, { at }: { at?: number }, options, found, most) => {
      const { read, place } = await scene();
      const from = at === undefined ? {} : { from: place(at) };
      const page = await read({ ...from, ...options });
      expect(page.found).toEqual(found);
      expect(page.unpacked).toBe(most);
    },
  );

  it('that is full with what stands before a place in its record asks for nothing else', async () => {
    const { read, place } = await scene();
    const page = await read({ from: place(5), direction: 'backwards', maxCount: 1 });
    expect(page.asked).toEqual([{ from: place(4), maxCount: 1 }]);
  });

  it('from a record on reads it once', async () => {
    const { read, place } = await scene();
    const page = await read({ from: place(4), direction: 'backwards', maxCount: 2 });
    expect(page.asked).toEqual([{ from: place(4), direction: 'backwards', maxCount: 2 }]);
  });

  it('behind the end is empty', async () => {
    const { read, place } = await scene();
    expect((await read({ from: placeOf(place(6), 5) })).found).toEqual([]);
    expect((await read({ from: 'end' })).found).toEqual([]);
  });
});

it('facts that several follow are taken from their record once', async () => {
  let unpacked = 0;
  const store = readsFacts(createMemoryStore(), (fact) => {
    unpacked += 1;
    return fact;
  });
  const followers = Array.from({ length: 3 }, () => {
    const seen: StoredEvent[] = [];
    const told = new Promise<void>((resolve) => {
      store.subscribeAll(
        { from: 'start' },
        { onEvents: (facts) => void (seen.push(...facts) === 4 && resolve()) },
      );
    });
    return { seen, told };
  });
  for (const ids of [
    ['1', '2'],
    ['3', '4'],
  ]) {
    const facts = ids.map((id) => ({ fact: retired(id), schemaVersion: 1 }));
    await store.append('thing-0', 'any', [recordOf(randomUUID(), facts, metadata)]);
  }
  await Promise.all(followers.map(({ told }) => told));
  for (const { seen } of followers) expect(numbers(seen)).toEqual([1, 2, 3, 4]);
  expect(unpacked).toBe(4);
});

it('a record of the first version says all of its facts, and is read as it is', async () => {
  const memory = createMemoryStore();
  const kept = [
    { type: 'EventArrived', schemaVersion: 2, data: { arrivalId: 'a' } },
    { type: 'InvocationQueued', data: { invocationId: 'i', orderingKey: 'k' } },
  ];
  await memory.append('arrival-a', 'no_stream', [
    {
      id: randomUUID(),
      type: 'Facts',
      data: { facts: kept },
      metadata: { ...metadata, schemaVersion: 1 },
    },
  ]);
  const read = await readsFacts(memory).readAll();
  expect(read.map(({ type, data }) => [type, data])).toEqual(
    kept.map(({ type, data }) => [type, data]),
  );
  expect(read.map((fact) => fact.metadata.schemaVersion)).toEqual([2, 1]);
  expect(read[1]).toMatchObject({
    entity: 'invocation-i',
    metadata: { ...metadata, actor: 'system:router', $causationId: read[0]?.id },
  });
});

describe('a record of one fact', () => {
  it('is stored as that fact is, so that older logs are read as they are', async () => {
    const memory = createMemoryStore();
    const id = randomUUID();
    await memory.append('thing-0', 'any', [
      recordOf(id, [{ fact: retired('1'), schemaVersion: 1 }], metadata),
    ]);
    const [stored] = await memory.readAll();
    expect(stored).toMatchObject({ id, type: 'TriggerRetired', data: { triggerId: '1' } });
    expect(stored?.metadata).toEqual({ ...metadata, schemaVersion: 1 });
  });
});
