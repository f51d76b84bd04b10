/** How the index is cut. Runs of other sizes stay readable: each knows where its chunks begin. */
export interface IndexSizes {
  /** Events that wait in memory before they are written as a run. */
  readonly youngEvents: number;
  readonly keysPerChunk: number;
  /** Chunks that are kept in memory once they were read. */
  readonly chunksInMemory: number;
}

export const standardSizes: IndexSizes = {
  youngEvents: 16_384,
  keysPerChunk: 8_192,
  chunksInMemory: 128,
};

/** About what one write for the index takes. */
export const bytesPerChunk = standardSizes.keysPerChunk * Float64Array.BYTES_PER_ELEMENT;
