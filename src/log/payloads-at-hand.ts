import { isArrival } from '../domain/ids.ts';
import { SlotMap } from '../domain/slot-map.ts';
import type { EventStore, NewEvent } from '../store/event-store.ts';

/** Bytes that were just recorded, for whoever comes to know of their fact a moment later. */
export interface PayloadsAtHand {
  /** Of a record's first fact: no other's payload is asked for so soon. */
  peek(recordId: string): Uint8Array | undefined;
  /** Nobody asks for it any more. */
  drop(recordId: string): void;
}

export const nothingAtHand: PayloadsAtHand = { peek: () => undefined, drop: () => {} };

/** What is longer is read, as its sender's memory is wanted back as soon as it is on disk. */
const longestBytes = 4 * 1_048_576;

/** Beyond this the oldest is let go: it can be read. */
const roomBytes = 16 * 1_048_576;

const createRoom = () => {
  const kept = new SlotMap<Uint8Array>();
  let bytes = 0;
  const drop = (recordId: string): void => {
    const found = kept.get(recordId);
    if (found === undefined) return;
    kept.delete(recordId);
    bytes -= found.length;
  };
  const makeRoomFor = (more: number): void => {
    for (const oldest of kept.keys()) {
      if (bytes + more <= roomBytes) return;
      drop(oldest);
    }
  };
  return {
    peek: (recordId: string) => kept.get(recordId),
    drop,
    put(recordId: string, payload: Uint8Array): void {
      drop(recordId);
      if (bytes + payload.length > roomBytes) makeRoomFor(payload.length);
      kept.set(recordId, payload);
      bytes += payload.length;
    },
  };
};

/**
 * What is appended here stays at hand until the log has brought its fact back, so that on the usual
 * way nobody reads a payload that has just been written.
 */
export const handingOnPayloads = (
  inner: EventStore,
): { readonly store: EventStore; readonly atHand: PayloadsAtHand } => {
  const room = createRoom();
  const put = (events: readonly NewEvent[]): void => {
    for (const { id, payloads = [] } of events) {
      const first = payloads.find(({ fact }) => fact === 0);
      if (first !== undefined && first.bytes.length <= longestBytes) room.put(id, first.bytes);
    }
  };
  return {
    atHand: room,
    store: {
      ...inner,
      append(stream, expected, events) {
        // Answers are asked for by people, and much later.
        if (!isArrival(stream) || events.every(({ payloads }) => payloads === undefined)) {
          return inner.append(stream, expected, events);
        }
        put(events);
        const appended = inner.append(stream, expected, events);
        appended.catch(() => {
          for (const { id } of events) room.drop(id);
        });
        return appended;
      },
    },
  };
};
