/** Sixteen bits and four probes per entry: one in four hundred strangers is taken for known. */
const bitsPerEntry = 16;
const probes = 4;

/** Answers "surely not here" without a look at the disk. */
export interface BloomFilter {
  readonly words: Uint32Array;
  add(hash: number): void;
  mayHold(hash: number): boolean;
}

export const bloomFilterOver = (words: Uint32Array): BloomFilter => {
  const mask = words.length * 32 - 1;
  /** Of all bits of the hash: of the low ones alone, those that share the first probe share all. */
  const step = (hash: number): number => {
    const mixed = Math.imul(hash ^ (hash >>> 16), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) | 1;
  };
  return {
    words,
    add: (hash) => {
      const stride = step(hash);
      for (let probe = 0, bit = hash; probe < probes; probe += 1, bit = (bit + stride) >>> 0) {
        const at = bit & mask;
        words[at >>> 5] = (words[at >>> 5] ?? 0) | (1 << (at & 31));
      }
    },
    mayHold: (hash) => {
      const stride = step(hash);
      for (let probe = 0, bit = hash; probe < probes; probe += 1, bit = (bit + stride) >>> 0) {
        const at = bit & mask;
        if (((words[at >>> 5] ?? 0) & (1 << (at & 31))) === 0) return false;
      }
      return true;
    },
  };
};

export const createBloomFilter = (entries: number): BloomFilter => {
  const bits = 2 ** Math.ceil(Math.log2(Math.max(entries, 64) * bitsPerEntry));
  return bloomFilterOver(new Uint32Array(bits / 32));
};
