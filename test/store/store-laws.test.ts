import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventStore, ExpectedRevision } from '../../src/store/event-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { standardSizes } from '../../src/store/sqlite/stream-index/index-sizes.ts';
import { sample } from './contract/sample.ts';
import { openSqliteHere } from './sqlite/open-here.ts';
import { smallIndex } from './sqlite/small-index.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** One of three streams that began a number of stories ago. */
interface Chosen {
  readonly name: number;
  readonly ago: number;
}

type Step =
  | { kind: 'append'; stream: Chosen; expected: ExpectedRevision; ids: number[] }
  | { kind: 'delete' | 'tombstone'; stream: Chosen; expected: ExpectedRevision }
  | { kind: 'metadata'; stream: Chosen; maxCount: number }
  | { kind: 'read'; stream: Chosen; from: number; maxCount: number; backwards: boolean };

const stream: fc.Arbitrary<Chosen> = fc.record({
  name: fc.nat(2),
  ago: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(30)),
});
const expected = fc.oneof(
  fc.constantFrom<ExpectedRevision>('any', 'no_stream', 'stream_exists'),
  fc.integer({ min: 0, max: 6 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      stream,
      expected,
      ids: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), stream, expected }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('metadata' as const),
      stream,
      maxCount: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      stream,
      from: fc.nat(8),
      maxCount: fc.integer({ min: 1, max: 4 }),
      backwards: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tombstone' as const), stream, expected }),
  },
);

/** What a caller gets to know, positions aside. */
const seen = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    const value = await answer;
    if (Array.isArray(value)) return value.map(({ id, revision }) => [id, revision]);
    return (value as { revision?: number } | undefined)?.revision;
  } catch (error) {
    const { code, actual } = error as { code?: string; actual?: unknown };
    return { code, actual };
  }
};

/** What the events of a few streams are called that are told about together. */
interface Story {
  readonly prefix: string;
  readonly ids: readonly string[];
}

const newStory = (): Story => ({
  prefix: `law-${randomUUID()}`,
  ids: Array.from({ length: 6 }, () => randomUUID()),
});

const take = (store: EventStore, stories: readonly Story[], next: Step): Promise<unknown> => {
  const { prefix, ids } = stories[Math.max(stories.length - 1 - next.stream.ago, 0)]!;
  const name = `${prefix}-${next.stream.name}`;
  switch (next.kind) {
    case 'append':
      return store.append(
        name,
        next.expected,
        next.ids.map((id) => ({ ...sample(), id: ids[id]! })),
      );
    case 'delete':
      return store.deleteStream(name, next.expected);
    case 'tombstone':
      return store.tombstoneStream(name, next.expected);
    case 'metadata':
      return store.setStreamMetadata(name, { maxCount: next.maxCount });
    case 'read':
      return store.readStream(name, {
        from: next.from,
        maxCount: next.maxCount,
        direction: next.backwards ? 'backwards' : 'forwards',
      });
  }
};

it.each([
  ['', standardSizes],
  [', while its index is merged all the time', smallIndex],
])(
  'SQLite answers whatever is asked of it as memory does, also after a restart%s',
  async (_, indexSizes) => {
    await using directory = await temporaryDirectory();
    const options = { dataDir: directory.path, indexSizes };
    const memory = createMemoryStore();
    let sqlite = await openSqliteHere(options);
    const stories: Story[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        stories.push(newStory());
        for (const next of steps) {
          expect(await seen(take(sqlite, stories, next))).toEqual(
            await seen(take(memory, stories, next)),
          );
        }
      }),
      {
        numRuns: 60,
        // An id that a stream has twice: the latest one counts.
        examples: [
          [
            [[2, 1], [0, 2], [2], [0]].map((numbers) => ({
              kind: 'append' as const,
              stream: { name: 0, ago: 0 },
              expected: 'any' as const,
              ids: numbers,
            })),
          ],
        ],
      },
    );
    await sqlite.close();
    sqlite = await openSqliteHere(options);

    for (const name of stories.flatMap(({ prefix }) => [0, 1, 2].map((at) => `${prefix}-${at}`))) {
      expect(await seen(sqlite.readStream(name))).toEqual(await seen(memory.readStream(name)));
    }
    const everything = { maxCount: 100_000 };
    expect(await seen(sqlite.readAll(everything))).toEqual(await seen(memory.readAll(everything)));
    await sqlite.close();
  },
);
