import { expect } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { itIsAnEventStore } from '../event-store-contract.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startOtherWriter } from './other-writer.ts';
import { smallIndex } from './small-index.ts';

itIsAnEventStore('sqlite', async () => {
  const directory = await temporaryDirectory();
  const store = await openSqliteStore({ dataDir: directory.path });
  return { store, dispose: () => directory[Symbol.asyncDispose]() };
});

itIsAnEventStore('sqlite, busy merging runs of its index beside another writer,', async () => {
  const directory = await temporaryDirectory();
  const options = { dataDir: directory.path, indexSizes: smallIndex };
  const store = await openSqliteStore(options);
  const writer = await startOtherWriter(store, 600);
  const close = async (): Promise<void> => {
    const lengths = await writer.stop();
    for (const [stream, length] of lengths) {
      expect(await store.readStream(stream)).toHaveLength(length);
    }
    await store.close();
  };
  return { store: { ...store, close }, dispose: () => directory[Symbol.asyncDispose]() };
});
