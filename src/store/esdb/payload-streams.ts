import type { BinaryEventData } from '@eventstore/db-client';
import { binaryEvent } from '@eventstore/db-client';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import { idOf } from '../../domain/ids.ts';
import type { SaltedBytes } from '../../domain/salted-bytes.ts';
import type { Cut } from '../payload-parts.ts';
import type { EsdbAdmin } from './admin.ts';
import type { SendEvents } from './append.ts';
import type { PayloadBeside } from './kept-payloads.ts';
import type { EsdbReads } from './read.ts';

/** Half of what every supported server takes at once. */
const chunkBytes = 524_288;

const chunkType = 'payload';

/** The same for the same chunk, so that it is written once however often it is sent. */
const chunk = (stream: string, index: number, data: Uint8Array): BinaryEventData =>
  binaryEvent({ id: idOf('payload', stream, String(index)), type: chunkType, data });

/** The salt comes first, on its own; then the bytes, in chunks of one length but the last. */
const chunksOf = ({ salt, bytes }: SaltedBytes): Uint8Array[] => {
  const chunks = [salt];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    chunks.push(bytes.subarray(at, at + chunkBytes));
  }
  return chunks;
};

export interface PayloadReads {
  /** Undefined where it was forgotten. */
  read(stream: string, size: number, cut: Cut): Promise<SaltedBytes | undefined>;
}

export interface PayloadStreams extends PayloadReads {
  write(payload: PayloadBeside): Promise<void>;
  /** For good. One that is gone already, or was never begun, does no harm. */
  forget(stream: string): Promise<void>;
}

const isGone = (error: unknown): boolean =>
  isTriplineError(error, 'stream-not-found') || isTriplineError(error, 'stream-deleted');

export const createPayloadReads = ({ readBytes }: Pick<EsdbReads, 'readBytes'>): PayloadReads => ({
  read: async (stream, size, { from, end }) => {
    const first = Math.floor(from / chunkBytes);
    const count = Math.ceil(end / chunkBytes) - first;
    try {
      const [salt] = await readBytes(stream, 0, 1);
      const chunks = count > 0 ? await readBytes(stream, 1 + first, count) : [];
      const found = Buffer.concat(chunks);
      const start = first * chunkBytes;
      if (salt === undefined || start + found.length < end) {
        throw new TriplineError('corrupt-store', `${stream} does not hold its ${size} bytes`);
      }
      return { salt, bytes: found.subarray(from - start, end - start) };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },
});

/** Payloads that are too large for the record's own append, or are to be forgotten some day. */
export const createPayloadStreams = (
  send: SendEvents,
  reads: Pick<EsdbReads, 'readBytes'>,
  remove: EsdbAdmin['tombstoneAnywhere'],
): PayloadStreams => ({
  ...createPayloadReads(reads),
  write: async ({ stream, payload }) => {
    let last: number | 'no_stream' = 'no_stream';
    for (const [index, data] of chunksOf(payload).entries()) {
      last = (await send(stream, last, [chunk(stream, index, data)], data.length)).revision;
    }
  },
  forget: async (stream) => {
    try {
      await remove(stream);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
});
