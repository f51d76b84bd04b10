import type { Part } from './part.ts';
import { run } from './store-append.ts';

export const appends: Part = {
  name: 'store',
  title:
    'Appends to the embedded store against a raw append-only file, one fsync per group in both',
  aim: 'ratio ≥ 0.75 at 256 callers',
  run: async () => {
    const rows = await run();
    return rows.map((row) => ({
      what: `${row.callers} callers`,
      'per second': row.store,
      'raw file': row.raw,
      ratio: row.ratio,
      'p50 ms': row.storeP50,
      'p99 ms': row.storeP99,
      'raw p99 ms': row.rawP99,
      'CPU µs': row.storeCpu,
      'raw CPU µs': row.rawCpu,
    }));
  },
};
