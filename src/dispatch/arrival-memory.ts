import { isFact, type Recorded } from '../domain/events.ts';
import { arrivalStream } from '../domain/ids.ts';
import { SlotMap } from '../domain/slot-map.ts';
import type { EventStore } from '../store/event-store.ts';

export type Arrival = Recorded<'EventArrived'>;

interface Kept {
  readonly arrival: Arrival;
  /** First attempts that will ask for it. */
  wanted: number;
}

/** Bytes of bodies kept between an arrival and the first attempts it leads to. */
const roomBytes = 64 * 1_048_576;

const sizeOf = ({ data }: Arrival): number => data.body.content.length + 1_024;

/**
 * Arrivals on their way to a first attempt, so that the usual case reads nothing. What does not fit,
 * and what a retry or a restart asks for, is read from the arrival's stream.
 */
export const createArrivalMemory = (store: Pick<EventStore, 'readStream'>) => {
  const kept = new SlotMap<Kept>();
  let bytes = 0;

  const drop = (arrivalId: string, { arrival }: Kept): void => {
    kept.delete(arrivalId);
    bytes -= sizeOf(arrival);
  };

  return {
    keep(arrival: Arrival, wanted: number): void {
      const size = sizeOf(arrival);
      if (bytes + size > roomBytes || kept.has(arrival.data.arrivalId)) return;
      kept.set(arrival.data.arrivalId, { arrival, wanted });
      bytes += size;
    },
    /** For one first attempt; the last of them lets it go. */
    take(arrivalId: string): Arrival | undefined {
      const found = kept.get(arrivalId);
      if (found === undefined) return undefined;
      found.wanted -= 1;
      if (found.wanted <= 0) drop(arrivalId, found);
      return found.arrival;
    },
    async read(arrivalId: string): Promise<Arrival> {
      const [first] = await store.readStream(arrivalStream(arrivalId), { maxCount: 1 });
      if (first === undefined || !isFact(first, 'EventArrived')) {
        throw new TypeError('the stream of an arrival begins with something else');
      }
      return first;
    },
  };
};

export type ArrivalMemory = ReturnType<typeof createArrivalMemory>;
