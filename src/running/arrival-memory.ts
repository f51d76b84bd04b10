import type { BodyAtHand } from '../domain/payload.ts';
import { SlotMap } from '../domain/slot-map.ts';
import { type Arrival, type ArrivalRead, readArrival } from '../log/read-arrival.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Bodies } from './bodies.ts';

export interface ArrivalAtHand extends ArrivalRead {
  /** It was read for whoever asked, and is at hand for nobody else. */
  readonly isBodyOurs?: true;
}

interface Kept extends ArrivalAtHand {
  readonly size: number;
  /** First attempts that will ask for it. */
  wanted: number;
}

/** Bytes of bodies kept between an arrival and the first attempts it leads to. */
const roomBytes = 64 * 1_048_576;

const sizeOf = (body: BodyAtHand): number =>
  (body instanceof Uint8Array ? body.length : body.content.length) + 1_024;

/**
 * Arrivals on their way to a first attempt, so that the usual case reads nothing. What does not fit,
 * and what a retry or a restart asks for, is read from the arrival's stream.
 */
export const createArrivalMemory = (
  store: Pick<EventStore, 'readStream' | 'readPayloads'>,
  bodies: Pick<Bodies, 'atHand'>,
) => {
  const kept = new SlotMap<Kept>();
  let bytes = 0;

  return {
    keep(arrival: Arrival, wanted: number): void {
      const { arrivalId } = arrival.data;
      const known = kept.get(arrivalId);
      if (known !== undefined) {
        known.wanted += wanted;
        return;
      }
      const body = bodies.atHand(arrival);
      if (body === undefined) return;
      const size = sizeOf(body);
      if (bytes + size > roomBytes) return;
      kept.set(arrivalId, { arrival, body, size, wanted });
      bytes += size;
    },
    /** For one first attempt; the last of them lets it go. */
    take(arrivalId: string): ArrivalAtHand | undefined {
      const found = kept.get(arrivalId);
      if (found === undefined) return undefined;
      found.wanted -= 1;
      if (found.wanted <= 0) {
        kept.delete(arrivalId);
        bytes -= found.size;
      }
      return found;
    },
    /** From now on it is read, and found to be gone. */
    forget(arrivalId: string): void {
      const found = kept.get(arrivalId);
      if (found === undefined) return;
      kept.delete(arrivalId);
      bytes -= found.size;
    },
    get size(): number {
      return kept.size;
    },
    read: async (arrivalId: string): Promise<ArrivalAtHand> => ({
      ...(await readArrival(store, arrivalId)),
      isBodyOurs: true,
    }),
  };
};

export type ArrivalMemory = ReturnType<typeof createArrivalMemory>;
