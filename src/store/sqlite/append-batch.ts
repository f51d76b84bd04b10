import type { ExpectedRevision } from '../event-store.ts';

/**
 * Appends on their way to the store's thread: one flat list, because that is what crosses between
 * threads at the least cost. Per append: stream, expected revision, count; per event: id, type,
 * data, metadata, payloads. The bytes of all payloads come beside it, packed in the same order.
 */
export type AppendBatch = readonly (string | number)[];

export const eventFields = 5;

/** Where each append begins. */
export function* appendsIn(batch: AppendBatch): Generator<number> {
  for (let at = 0; at < batch.length; at += 3 + Number(batch[at + 2]) * eventFields) yield at;
}

const codes = { no_stream: -1, any: -2, stream_exists: -3 } as const;
const names: readonly ExpectedRevision[] = ['no_stream', 'any', 'stream_exists'];

export const codeOfExpected = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : codes[expected];

export const expectedOfCode = (code: number): ExpectedRevision =>
  code >= 0 ? code : (names[-1 - code] ?? 'no_stream');

/** What became of each append, three numbers each: what, revision, position of the last event. */
export const outcomes = { stored: 0, repeated: 1, conflict: 2, deleted: 3, diskFull: 4 } as const;
export const outcomeFields = 3;
