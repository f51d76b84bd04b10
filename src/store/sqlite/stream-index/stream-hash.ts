import { fnv1a } from '../../../domain/fnv.ts';

/** 32 bits of a stream's name (FNV-1a, mixed). Equal names give equal hashes; the reverse is checked. */
export const streamHash = (stream: string): number => {
  let hash = fnv1a(stream);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
