import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part } from './part.ts';
import { percentilesOf } from './percentiles.ts';
import { newDataDir } from './product.ts';

/** How dear one fsync is here: the floor below every other figure. */
export const disk: Part = {
  name: 'disk',
  title: 'One write of 4 KiB with fdatasync on this disk',
  aim: 'none: a memory file system would show in this line',
  run: async () => {
    const directory = await newDataDir();
    const file = await open(join(directory, 'probe'), 'w');
    const block = Buffer.alloc(4_096, 1);
    const times: number[] = [];
    for (let i = 0; i < 500; i += 1) {
      const at = performance.now();
      await file.write(block);
      await file.datasync();
      times.push(performance.now() - at);
    }
    await file.close();
    await rm(directory, { recursive: true });
    const { p50, p99 } = percentilesOf(times);
    return [{ what: 'write + fdatasync', 'p50 ms': p50, 'p99 ms': p99 }];
  },
};
