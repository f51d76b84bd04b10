import type { Connection } from '../database.ts';
import { createBloomFilter } from './bloom-filter.ts';
import { createRunStorage, type RunStorage } from './run-storage.ts';
import { hashOf, type StreamRun } from './runs.ts';

const filterOf = (run: StreamRun, storage: RunStorage) => {
  const filter = createBloomFilter(run.last - run.first + 1);
  for (let chunk = 0; chunk < run.fences.length; chunk += 1) {
    for (const key of storage.chunk(run.id, chunk)) filter.add(hashOf(key));
  }
  return filter;
};

/** Makes the filters of all runs anew from their keys, within the transaction at hand. */
export const rebuildFilters = (db: Connection): void => {
  const storage = createRunStorage(db);
  for (const run of storage.load()) {
    storage.writeRun({ ...run, filter: filterOf(run, storage) }, [run]);
  }
};
