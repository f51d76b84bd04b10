import { systemClock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import { factIndexOf, type Position, recordPositionOf } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import { checkAppend, checkStreamName, maxAppendBytes, sizeOf, tooLarge } from './append-limits.ts';
import { judgeAppend, judgeDelete } from './append-verdict.ts';
import type { EventStore, ExpectedRevision, NewEvent, StreamMetadata } from './event-store.ts';
import { checkSubscribeFrom, ordinalOf, positionOf } from './log-ordinal.ts';
import { createLogTail } from './log-tail.ts';
import { logPage, type PageBounds, streamPage } from './page-bounds.ts';
import { partOf, withinBytes } from './payload-parts.ts';
import { expiredUntil, firstVisible } from './retention.ts';
import { streamDeleted, streamNotFound } from './stream-errors.ts';
import { missingStream, type StreamState } from './stream-state.ts';
import { WrongExpectedRevision } from './wrong-expected-revision.ts';

interface MemoryStream {
  state: StreamState;
  truncateBefore: number;
  metadata: StreamMetadata;
  readonly events: StoredEvent[];
}

const pageOf = (events: readonly StoredEvent[], page: PageBounds, offset: number) => {
  const { low, high, descending, limit } = page;
  const inBounds = events.slice(Math.max(low - offset, 0), Math.max(high - offset + 1, 0));
  return descending ? inBounds.reverse().slice(0, limit) : inBounds.slice(0, limit);
};

const slotOf = (ordinal: number, fact: number): string => `${ordinal}/${fact}`;
const slotAt = (place: Position): string =>
  slotOf(ordinalOf(recordPositionOf(place)), factIndexOf(place));

const copyOf = ({ salt, bytes }: SaltedBytes): SaltedBytes => ({
  salt: new Uint8Array(salt),
  bytes: new Uint8Array(bytes),
});

/** For tests: everything an event store promises, except that nothing outlives the process. */
export const createMemoryStore = (now: () => number = systemClock.now): EventStore => {
  const log: StoredEvent[] = [];
  const streams = new Map<string, MemoryStream>();
  const payloads = new Map<string, SaltedBytes>();
  let closed = false;
  const tail = createLogTail({
    head: positionOf(0),
    readAfter: async (position, maxCount) => {
      const start = ordinalOf(position);
      return log.slice(start, start + maxCount);
    },
    readsElsewhere: false,
  });

  const streamOf = (name: string): MemoryStream => {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const created = { state: missingStream, truncateBefore: 0, metadata: {}, events: [] };
    streams.set(name, created);
    return created;
  };
  const assertOpen = (): void => {
    if (closed) throw new TriplineError('store-unavailable', 'the store is closed');
  };
  const actualOf = ({ last }: StreamState): number | 'no_stream' =>
    last === -1 ? 'no_stream' : last;

  /** Through JSON and back, so that whatever a disk would not keep is missed here too. */
  const asStored = (stream: string, events: readonly NewEvent[], first: number): StoredEvent[] => {
    const recordedAt = new Date(now()).toISOString();
    let bytes = 0;
    const stored = events.map(({ id, type, data, metadata }, index): StoredEvent => {
      const json = [JSON.stringify(data), JSON.stringify(metadata)] as const;
      bytes += sizeOf(type, ...json);
      return {
        id,
        stream,
        revision: first + index,
        position: positionOf(log.length + 1 + index),
        type,
        data: JSON.parse(json[0]),
        metadata: JSON.parse(json[1]),
        recordedAt,
      };
    });
    if (bytes > maxAppendBytes) throw tooLarge(stream, bytes);
    return stored;
  };

  const append = (name: string, expected: ExpectedRevision, events: readonly NewEvent[]) => {
    assertOpen();
    checkAppend(name, events);
    const stream = streamOf(name);
    const stored = asStored(name, events, stream.state.last + 1);
    const verdict = judgeAppend(stream.state, expected, {
      offered: () => events.map(({ id }) => id),
      at: (revision) => stream.events[revision]?.id,
      recent: (id) => stream.events.findLast((event) => event.id === id)?.revision,
    });
    if (verdict.kind === 'deleted') throw streamDeleted(name);
    if (verdict.kind === 'conflict') {
      throw new WrongExpectedRevision(name, expected, actualOf(stream.state));
    }
    if (verdict.kind === 'repeat') {
      const position = stream.events[verdict.revision]?.position;
      return { revision: verdict.revision, position };
    }
    for (const [index, { payloads: given = [] }] of events.entries()) {
      for (const payload of given) {
        payloads.set(slotOf(log.length + 1 + index, payload.fact), copyOf(payload));
      }
    }
    stream.events.push(...stored);
    stream.state = { ...stream.state, status: 'live', last: stream.events.length - 1 };
    log.push(...stored);
    tail.publish(stored);
    return { revision: stream.state.last, position: positionOf(log.length) };
  };

  const remove = (name: string, expected: ExpectedRevision, forGood: boolean): void => {
    assertOpen();
    checkStreamName(name);
    const stream = streamOf(name);
    const verdict = judgeDelete(stream.state, expected, forGood);
    if (verdict === 'deleted') throw streamDeleted(name);
    if (verdict === 'conflict') {
      throw new WrongExpectedRevision(name, expected, actualOf(stream.state));
    }
    stream.state = { ...stream.state, status: forGood ? 'tombstoned' : 'deleted' };
    stream.truncateBefore = stream.state.last + 1;
  };

  return {
    exclusive: true,
    append: async (name, expected, events) => append(name, expected, events),
    readStream: async (name, options = {}) => {
      assertOpen();
      const { state, metadata, truncateBefore, events } = streams.get(name) ?? streamOf(name);
      if (state.status === 'tombstoned') throw streamDeleted(name);
      if (state.status !== 'live') throw streamNotFound(name);
      const retention = { ...metadata, truncateBefore };
      const expired = expiredUntil(retention, now());
      const kept = events.findIndex(({ recordedAt }) => Date.parse(recordedAt) > expired);
      const first = Math.max(
        firstVisible(retention, state.last),
        kept === -1 ? state.last + 1 : kept,
      );
      return pageOf(events, streamPage(options, first, state.last), 0);
    },
    readAll: async (options = {}) => {
      assertOpen();
      return pageOf(log, logPage(options, log.length), 1);
    },
    subscribeAll: (options, handlers) => {
      assertOpen();
      checkSubscribeFrom(options);
      return tail.subscribe(options, handlers);
    },
    readPayloads: async (ranges, maxBytes) => {
      assertOpen();
      return withinBytes(ranges, maxBytes, (range, budget) => {
        const payload = payloads.get(slotAt(range.position));
        const value = payload && partOf(payload, range, budget, true);
        return { value, bytes: value?.bytes.length ?? 0 };
      });
    },
    forgetPayloads: async (positions) => {
      assertOpen();
      for (const slot of positions.map(slotAt)) payloads.delete(slot);
    },
    setStreamMetadata: async (name, metadata) => {
      assertOpen();
      checkStreamName(name);
      const stream = streamOf(name);
      if (stream.state.status === 'tombstoned') throw streamDeleted(name);
      stream.metadata = metadata;
      stream.state = { ...stream.state, hasMetadata: true };
    },
    getStreamMetadata: async (name) => {
      assertOpen();
      return streams.get(name)?.metadata ?? {};
    },
    deleteStream: async (name, expected) => remove(name, expected, false),
    tombstoneStream: async (name, expected) => remove(name, expected, true),
    close: async () => {
      closed = true;
      await tail.end();
    },
  };
};
