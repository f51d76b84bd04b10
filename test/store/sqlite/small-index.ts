import type { IndexSizes } from '../../../src/store/sqlite/stream-index/index-sizes.ts';

/** So small that a few events begin a run, a few dozen a merge, and hardly a chunk is at hand. */
export const smallIndex: IndexSizes = { youngEvents: 16, keysPerChunk: 8, chunksInMemory: 2 };
