import { closeSync, fsyncSync, openSync, statfsSync, statSync, writeSync } from 'node:fs';

const block = Buffer.alloc(1_048_576);

export const sizeOf = (file: string): number =>
  statSync(file, { throwIfNoEntry: false })?.size ?? 0;

export const freeBytes = (directory: string): number => {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
};

/** Appends zeros until a file has that many bytes. Written for real: a hole would reserve nothing. */
export const fill = (file: string, bytes: number): void => {
  const handle = openSync(file, 'a');
  try {
    for (let left = bytes - sizeOf(file); left > 0; left -= block.length) {
      writeSync(handle, block, 0, Math.min(left, block.length));
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
