import { TriplineError } from '../../domain/errors.ts';
import { factIndexOf, type Position, recordPositionOf } from '../../domain/position.ts';
import { saltLength } from '../../domain/salted-bytes.ts';
import type { EventStore, PayloadPart, PayloadRange } from '../event-store.ts';
import { cutOf, partOf } from '../payload-parts.ts';
import { type KeptPayload, keptIn } from './kept-payloads.ts';
import type { PayloadReads, PayloadStreams } from './payload-streams.ts';
import type { EsdbReads } from './read.ts';

type Finds = Pick<EsdbReads, 'readMetadataAt'>;

const ridden = (kept: string, range: PayloadRange, budget: number): PayloadPart => {
  const both = Buffer.from(kept, 'base64');
  const payload = { salt: both.subarray(0, saltLength), bytes: both.subarray(saltLength) };
  return partOf(payload, range, budget, false);
};

const find = async (reads: Finds, place: Position): Promise<KeptPayload | undefined> =>
  keptIn(await reads.readMetadataAt(recordPositionOf(place)), factIndexOf(place));

export const readsPayloads = (
  reads: Finds,
  streams: PayloadReads,
): Pick<EventStore, 'readPayloads'> => {
  const read = async (range: PayloadRange, budget: number): Promise<PayloadPart | undefined> => {
    const kept = await find(reads, range.position);
    if (kept === undefined) return undefined;
    if (typeof kept === 'string') return ridden(kept, range, budget);
    const { stream, size } = kept;
    const cut = cutOf(range, size, budget);
    const found = await streams.read(stream, size, cut);
    return found && { ...found, size, from: cut.from, forgettable: true };
  };
  return {
    readPayloads: async (ranges, maxBytes) => {
      const parts: (PayloadPart | undefined)[] = [];
      let left = Math.max(maxBytes, 1);
      for (const range of ranges) {
        if (left <= 0) break;
        const part = await read(range, left);
        parts.push(part);
        left -= part?.bytes.length ?? 0;
      }
      return parts;
    },
  };
};

/** All of them or, where one cannot be, none. */
export const forgetsPayloads = (
  reads: Finds,
  streams: Pick<PayloadStreams, 'forget'>,
): Pick<EventStore, 'forgetPayloads'> => ({
  forgetPayloads: async (positions) => {
    const found = await Promise.all(positions.map((position) => find(reads, position)));
    if (found.some((kept) => typeof kept === 'string')) {
      throw new TriplineError(
        'payload-not-forgettable',
        'the payload lies in the record itself, which cannot be changed',
      );
    }
    for (const kept of found) if (typeof kept === 'object') await streams.forget(kept.stream);
  },
});
