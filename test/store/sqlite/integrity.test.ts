import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { sample } from '../contract/sample.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

const events = 1_500;
const alter = (dataDir: string, sql: string): void => {
  const db = new Database(join(dataDir, 'events.db'));
  db.exec(sql);
  db.close();
};

describe('a damaged log', () => {
  let intact: TemporaryDirectory;
  beforeAll(async () => {
    intact = await temporaryDirectory();
    const store = await openSqliteHere({ dataDir: intact.path });
    for (let start = 0; start < events; start += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          store.append(`entity-${start + at + 1}`, 'no_stream', [sample({ at: start + at })]),
        ),
      );
    }
    await store.close();
  });
  afterAll(() => intact[Symbol.asyncDispose]());

  const copy = async (): Promise<TemporaryDirectory> => {
    const directory = await temporaryDirectory();
    await cp(intact.path, directory.path, { recursive: true });
    return directory;
  };
  const open = (dataDir: string) => openSqliteHere({ dataDir });

  it('is not seen where there is none', () => {
    expect(verifyStore(intact.path).events).toBe(events);
  });

  it.each([
    ['data', `data = replace(data, '99', '98')`],
    ['the type', `type = 'SomethingElse'`],
    ['the metadata', `metadata = '{}'`],
    ['the time', 'recorded_at = 0'],
    ['the hash', `hash = 'AAAA'`],
  ])('is found by reads, by verification and at the next start: %s', async (_, change) => {
    await using directory = await copy();
    const store = await open(directory.path);
    alter(directory.path, `UPDATE events SET ${change} WHERE position = 100`);
    const named = {
      code: 'corrupt-store',
      message: expect.stringMatching(/events\.db is damaged: .*position 100 \(stream entity-100\)/),
    };

    expect(() => verifyStore(directory.path)).toThrow(expect.objectContaining(named));
    await expect(store.readAll()).rejects.toMatchObject(named);
    await expect(store.readStream('entity-100')).rejects.toMatchObject(named);
    expect(await store.readStream('entity-90')).toHaveLength(1);
    await store.close();
    await expect(open(directory.path)).rejects.toMatchObject(named);
  });

  it('is found where an event was taken out', async () => {
    await using directory = await copy();
    alter(directory.path, 'DELETE FROM events WHERE position = 700');

    await expect(open(directory.path)).rejects.toMatchObject({
      code: 'corrupt-store',
      message: expect.stringContaining('position 700 is missing'),
    });
  });

  it('is refused at start when it is among the newest events', async () => {
    await using directory = await copy();
    alter(directory.path, `UPDATE events SET data = '{}' WHERE position = ${events - 3}`);

    await expect(open(directory.path)).rejects.toMatchObject({
      code: 'corrupt-store',
      message: expect.stringContaining(`position ${events - 3} (stream entity-${events - 3})`),
    });
  });

  it.each([
    ['is no database', (file: string) => writeFileSync(file, 'garbage\n'.repeat(20_000))],
    ['was cut in half', (file: string) => truncateSync(file, readFileSync(file).length / 2)],
    ['was cut at a page', (file: string) => truncateSync(file, 16_384 * 10)],
    ['was emptied', (file: string) => truncateSync(file, 0)],
    [
      'is of another program',
      (file: string) => {
        truncateSync(file, 0);
        const db = new Database(file);
        db.pragma('user_version = 7');
        db.close();
      },
    ],
  ])('is refused by name at start when the file %s', async (_, damage) => {
    await using directory = await copy();
    damage(join(directory.path, 'events.db'));

    await expect(open(directory.path)).rejects.toMatchObject({
      code: 'corrupt-store',
      message: expect.stringContaining(join(directory.path, 'events.db')),
    });
    // The directory is free again for whoever repairs it.
    await expect(open(directory.path)).rejects.toMatchObject({ code: 'corrupt-store' });
  });

  it('never passes with another content, whichever bit flips', async () => {
    await using directory = await copy();
    const file = join(directory.path, 'events.db');
    const bytes = readFileSync(file);
    const { hash } = verifyStore(directory.path);
    let found = 0;
    for (let round = 0; round < 60; round += 1) {
      const at = Math.floor((bytes.length * (round + 0.37)) / 60);
      bytes[at] = bytes[at]! ^ (1 << (round % 8));
      writeFileSync(file, bytes);
      try {
        expect(verifyStore(directory.path)).toEqual({ events, hash });
      } catch (error) {
        expect(error).toMatchObject({ code: 'corrupt-store' });
        found += 1;
      }
      bytes[at] = bytes[at]! ^ (1 << (round % 8));
    }

    expect(found).toBeGreaterThan(40);
  });
});
