import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/domain/position.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { logFile } from '../../../src/store/sqlite/log-file.ts';
import { openSqliteReader } from '../../../src/store/sqlite/reader.ts';
import { newStream, sample } from '../contract/sample.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

const store = async (to: EventStore, bytes: Uint8Array): Promise<Position> => {
  const payloads = [{ fact: 0, salt: randomBytes(16), bytes }];
  const { position } = await to.append(newStream(), 'no_stream', [{ ...sample(), payloads }]);
  if (position === undefined) throw new Error('a first append tells its place');
  return position;
};

/** Which of them lie in the database or its write-ahead log. */
const onDisk = async (directory: string, needles: readonly Buffer[]): Promise<boolean[]> => {
  const files = ['', '-wal'].map((end) => readFile(`${logFile(directory)}${end}`));
  const contents = await Promise.all(files);
  return needles.map((needle) => contents.some((content) => content.includes(needle)));
};

/** When the store has had nothing to do for a moment. */
const soon = { timeout: 20_000 };

describe('a payload that the embedded store has forgotten', () => {
  it.each([
    ['a short one', 100],
    ['one of several pieces', 9_000],
    ['a long one', 300_000],
  ])('is in no file any more: %s', async (_, size) => {
    await using directory = await temporaryDirectory();
    const log = await openSqliteHere({ dataDir: directory.path });
    const needles: Buffer[] = [];
    const places: Position[] = [];
    for (let count = 0; count < 20; count += 1) {
      const bytes = randomBytes(size);
      needles.push(bytes.subarray(size - 64));
      places.push(await store(log, bytes));
    }
    const all = needles.map(() => true);
    expect(await onDisk(directory.path, needles)).toEqual(all);
    await log.forgetPayloads(places.filter((__, index) => index % 2 === 1));
    const everySecond = needles.map((__, index) => index % 2 === 0);
    await expect.poll(() => onDisk(directory.path, needles), soon).toEqual(everySecond);
    await log.forgetPayloads(places);
    const none = needles.map(() => false);
    await expect.poll(() => onDisk(directory.path, needles), soon).toEqual(none);
    await log.close();
  });

  it('gives its space to those that come, while a reader looks on', async () => {
    await using directory = await temporaryDirectory();
    const log = await openSqliteHere({ dataDir: directory.path });
    const reader = openSqliteReader(directory.path);
    const [each, size] = [40, 100_000];
    for (let round = 0; round < 4; round += 1) {
      const places: Position[] = [];
      for (let count = 0; count < each; count += 1) {
        places.push(await store(log, randomBytes(size)));
      }
      const [part] = await reader.readPayloads([{ position: places[3]! }], 1_000);
      expect(part).toMatchObject({ size, forgettable: true });
      await log.forgetPayloads(places);
      expect(await reader.readPayloads([{ position: places[3]! }], 1_000)).toEqual([undefined]);
    }
    await reader.close();
    await log.close();

    expect((await stat(logFile(directory.path))).size).toBeLessThan(1.5 * each * size);
  });
});
