import { randomUUID } from 'node:crypto';
import type { EventStore, ExpectedRevision, NewEvent } from '../../src/store/event-store.ts';
import { nameOf, type Streams } from './streams.ts';

/** In a hundred: the rest appends to a stream of whatever age. */
const newStreams = 60;
const repeats = 2;
const stale = 2;

export interface WriterContext {
  readonly store: Pick<EventStore, 'append'>;
  readonly streams: Streams;
  readonly random: (bound: number) => number;
  /** So many more events are acknowledged, after so long. */
  readonly onStored: (events: number, ms: number) => void;
}

const filler = 'x'.repeat(280);
const eventOf = (stream: number, revision: number): NewEvent => ({
  id: randomUUID(),
  type: 'SampleTaken',
  data: { stream, revision, filler },
  metadata: {
    workspace: `workspace-${stream % 5}`,
    actor: 'system:soak',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
    $correlationId: randomUUID(),
  },
});

const expectedAt = (length: number): ExpectedRevision => (length === 0 ? 'no_stream' : length - 1);

const mustBe = (what: string, actual: unknown, expected: unknown): void => {
  if (actual !== expected) throw new Error(`${what} is ${actual}, not ${expected}`);
};

/** One writer among many: one append after the other, each checked against what it must answer. */
export const createWriter = ({ store, streams, random, onStored }: WriterContext) => {
  const append = async (stream: number): Promise<void> => {
    const length = streams.lengthOf(stream);
    const events = Array.from({ length: 1 + random(2) }, (_, at) => eventOf(stream, length + at));
    const before = performance.now();
    const { revision } = await store.append(nameOf(stream), expectedAt(length), events);
    onStored(events.length, performance.now() - before);
    mustBe(`the revision of stream ${stream}`, revision, length + events.length - 1);
    if (random(100) < repeats) {
      const again = await store.append(nameOf(stream), expectedAt(length), events);
      mustBe(`the repeated revision of stream ${stream}`, again.revision, revision);
    }
    streams.giveBack(stream, events.length);
  };
  const appendStale = async (stream: number): Promise<void> => {
    const length = streams.lengthOf(stream);
    const answer = await store.append(nameOf(stream), length, [eventOf(stream, length + 1)]).then(
      () => 'stored',
      (error: { code?: string }) => error.code,
    );
    mustBe(`the answer to a wrong revision of stream ${stream}`, answer, 'wrong-expected-revision');
    streams.giveBack(stream, 0);
  };
  return async (): Promise<void> => {
    const drawn = random(100);
    const old = drawn < newStreams ? undefined : streams.lendOld();
    if (old !== undefined && drawn < newStreams + stale) await appendStale(old);
    else await append(old ?? streams.lendNew());
  };
};
