import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventReader } from '../../../src/store/event-reader.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { openReader } from '../../../src/store/index.ts';
import { follow } from '../contract/followed.ts';
import { filledStream, idsOf, newStream, sample, samples } from '../contract/sample.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';
import { smallIndex } from './small-index.ts';

describe('a second reader of the embedded store', () => {
  let directory: TemporaryDirectory;
  let store: EventStore;
  let reader: EventReader;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    const { path: dataDir } = directory;
    store = await openSqliteHere({ dataDir, indexSizes: smallIndex });
    reader = await openReader('sqlite:', { dataDir });
  });
  afterEach(async () => {
    await reader.close();
    await store.close();
    await directory[Symbol.asyncDispose]();
  });

  it('sees what was acknowledged, without being told', async () => {
    const stream = newStream();
    const events = samples(3);
    await store.append(stream, 'no_stream', events);

    expect(idsOf(await reader.readStream(stream))).toEqual(idsOf(events));
    expect(idsOf(await reader.readAll())).toEqual(idsOf(events));
  });

  it('finds streams of any age while the index is merged', async () => {
    const streams: string[] = [];
    for (let at = 0; at < 120; at += 1) {
      streams.push(await filledStream(store, 2));
      const old = streams[(at * 7) % streams.length]!;
      const { length } = await reader.readStream(old);
      const [event] = samples(1);
      await store.append(old, length - 1, [event!]);

      expect(idsOf(await reader.readStream(old)).at(-1)).toBe(event?.id);
    }
  });

  it('applies what is said about a stream', async () => {
    const [kept, deleted] = [await filledStream(store, 4), await filledStream(store, 2)];
    await store.setStreamMetadata(kept, { maxCount: 1 });
    await store.deleteStream(deleted, 1);

    expect(await reader.readStream(kept)).toHaveLength(1);
    await expect(reader.readStream(deleted)).rejects.toMatchObject({ code: 'stream-not-found' });
  });

  it('hands a subscriber what is new once it is told how far the log goes', async () => {
    const first = await filledStream(store, 2);
    await using followed = follow(reader, 'start');
    reader.advance?.((await store.readAll({ direction: 'backwards', maxCount: 1 }))[0]!.position);
    await followed.until(() => followed.of(first).length === 2);
    const second = newStream();
    const { position } = await store.append(second, 'no_stream', samples(3));
    reader.advance?.(position!);
    await followed.until(() => followed.of(second).length === 3);

    expect(followed.received).toHaveLength(5);
  });

  it('parses data when it is asked for, and gives all of it to a copy as JSON', async () => {
    const event = sample({ list: [1, 2] });
    await store.append(newStream(), 'no_stream', [event]);
    const [stored] = await reader.readAll();

    expect(stored?.data).toEqual({ list: [1, 2] });
    expect(stored?.data).toBe(stored?.data);
    expect(JSON.parse(JSON.stringify(stored))).toMatchObject(event);
  });

  it('tells apart what was appended together and what was not', async () => {
    const [first, second, third] = samples(3).map((event, n) => ({
      ...event,
      metadata: { ...event.metadata, $correlationId: `story-${n}` },
    }));
    const stream = newStream();
    await store.append(stream, 'no_stream', [first!, { ...second!, metadata: first!.metadata }]);
    await store.append(stream, 1, [third!]);
    const stories = (await reader.readAll()).map(({ metadata }) => metadata.$correlationId);

    expect(stories).toEqual(['story-0', 'story-0', 'story-2']);
  });

  it('does not exist where nobody else can see the log', async () => {
    await expect(openReader('memory:', { dataDir: directory.path })).rejects.toMatchObject({
      code: 'invalid-configuration',
    });
  });
});
