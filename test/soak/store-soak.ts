import { built } from '../../bench/built.ts';
import { residentMemory } from '../../bench/resident-memory.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import type { SoakOptions } from './options.ts';
import { createPauses } from './pauses.ts';
import { logBytes, startProgress } from './progress.ts';
import { createRandom } from './random.ts';
import { eventsIn, verifiedEvents } from './read-back.ts';
import { createStreams, nameOf, type Streams, streamNamed } from './streams.ts';
import { createWriter, type WriterContext } from './writer.ts';

const writers = 256;
/** Read and written once more after the start that follows. */
const oldStreams = 2_000;

const openBuilt = async (dataDir: string): Promise<EventStore> => {
  const { openSqliteStore } =
    await built<typeof import('../../src/store/sqlite/store.ts')>('store/sqlite/store');
  return openSqliteStore({ dataDir });
};

/** Writes until there are so many events; gives how many there are, how fast and with what pauses. */
const write = async (context: Omit<WriterContext, 'onStored'>, dataDir: string, most: number) => {
  const waits = createPauses();
  let stored = 0;
  let lastAt = performance.now();
  let longestSilence = 0;
  using _ = startProgress(dataDir, process.pid, () => stored);
  const takeTurn = createWriter({
    ...context,
    onStored: (events, ms) => {
      stored += events;
      waits.add(ms);
      const now = performance.now();
      longestSilence = Math.max(longestSilence, now - lastAt);
      lastAt = now;
    },
  });
  const startedAt = performance.now();
  const writer = async (): Promise<void> => {
    while (stored < most) await takeTurn();
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { stored, rate: stored / seconds, seconds, waits, longestSilence };
};

/** After a start, whatever the age of a stream: it is whole, and goes on where it ended. */
const checkOldStreams = async (
  store: EventStore,
  streams: Streams,
  random: (bound: number) => number,
): Promise<number> => {
  let stored = 0;
  const onStored = (events: number): void => {
    stored += events;
  };
  const takeTurn = createWriter({ store, streams, random, onStored });
  for (let at = 0; at < oldStreams; at += 1) {
    const stream = random(streams.count);
    const revisions = (await store.readStream(nameOf(stream))).map(({ revision }) => revision);
    const whole = revisions.every((revision, index) => revision === index);
    if (!whole || revisions.length !== streams.lengthOf(stream)) {
      throw new Error(`${nameOf(stream)} has ${revisions}, not ${streams.lengthOf(stream)} events`);
    }
    await takeTurn();
  }
  return stored;
};

/** No event is missing, doubled or out of order; gives how many there are. */
const checkEveryEvent = async (dataDir: string, streams: Streams): Promise<number> => {
  const seen = new Uint16Array(streams.count);
  let events = 0;
  for await (const { stream, revision } of eventsIn(dataDir)) {
    const ordinal = streamNamed(stream);
    if (seen[ordinal] !== revision) throw new Error(`${stream} has ${revision} out of order`);
    seen[ordinal] = revision + 1;
    events += 1;
  }
  const short = seen.findIndex((length, stream) => length !== streams.lengthOf(stream));
  if (short !== -1) throw new Error(`${nameOf(short)} ends at ${seen[short]}`);
  return events;
};

/** The store alone, in this process: what its callers wait for is measured where they are. */
export const soakStore = async ({ events, seed }: SoakOptions, dataDir: string) => {
  const random = createRandom(seed);
  const streams = createStreams(2 * events, random);
  const store = await openBuilt(dataDir);
  const written = await write({ store, streams, random }, dataDir, events);
  const { now, peak } = await residentMemory(process.pid);
  await store.close();
  const bytes = logBytes(dataDir);

  const before = performance.now();
  const again = await openBuilt(dataDir);
  const startMs = performance.now() - before;
  const added = await checkOldStreams(again, streams, random);
  await again.close();

  const expected = written.stored + added;
  const found = [await verifiedEvents(dataDir), await checkEveryEvent(dataDir, streams)];
  if (found.some((count) => count !== expected)) {
    throw new Error(`the log has ${found.join(' and ')} events, ${expected} were acknowledged`);
  }
  const { waits } = written;
  return {
    events: written.stored,
    streams: streams.count,
    'per second': written.rate,
    'resident MiB at the end': now,
    'resident MiB at most': peak,
    'bytes on disk per event': bytes / written.stored,
    'append p50 ms': waits.quantile(0.5),
    'append p99 ms': waits.quantile(0.99),
    'append p99.9 ms': waits.quantile(0.999),
    'append longest ms': waits.longest,
    'longest silence ms': written.longestSilence,
    'start afterwards ms': startMs,
  };
};
