import { closeSync, openSync, readSync, statSync } from 'node:fs';

export const frameBytes = 16_384 + 24;
export const walHeaderBytes = 32;

/** How many frames a write-ahead log has, less the room ahead of them: their page number is not 0. */
export const framesIn = (wal: string): number => {
  const most = Math.floor(statSync(wal).size / frameBytes);
  const handle = openSync(wal, 'r');
  const page = Buffer.alloc(4);
  let frames = 0;
  while (frames < most) {
    readSync(handle, page, 0, page.length, walHeaderBytes + frames * frameBytes);
    if (page.readUInt32BE() === 0) break;
    frames += 1;
  }
  closeSync(handle);
  return frames;
};
