import { randomBytes } from 'node:crypto';
import { copyFileSync, statSync } from 'node:fs';
import { setTimeout as pace } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/domain/position.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { copyLog } from '../../../src/store/sqlite/copy-log.ts';
import { openDurable } from '../../../src/store/sqlite/database.ts';
import { createFreedSpace } from '../../../src/store/sqlite/freed-space.ts';
import { logFile } from '../../../src/store/sqlite/log-file.ts';
import { prepareSchema } from '../../../src/store/sqlite/schema.ts';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { newStream, sample } from '../contract/sample.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

const mebibyte = 1_048_576;
const soon = { timeout: 20_000 };

const store = async (to: EventStore, bytes: Uint8Array): Promise<Position> => {
  const payloads = [{ fact: 0, salt: randomBytes(16), bytes }];
  const { position } = await to.append(newStream(), 'no_stream', [{ ...sample(), payloads }]);
  if (position === undefined) throw new Error('a first append tells its place');
  return position;
};

const storeMany = async (to: EventStore, count: number): Promise<readonly Position[]> => {
  const places: Position[] = [];
  for (let n = 0; n < count; n += 1) places.push(await store(to, randomBytes(mebibyte)));
  return places;
};

const sizeOf = (directory: string): number => statSync(logFile(directory)).size;

describe('the space of payloads that were forgotten', () => {
  it('is given back while the store runs, and while others go on appending', async () => {
    await using directory = await temporaryDirectory();
    const log = await openSqliteHere({ dataDir: directory.path });
    const places = await storeMany(log, 24);
    const kept = await store(log, Buffer.from('kept'));
    await expect.poll(() => sizeOf(directory.path), soon).toBeGreaterThan(24 * mebibyte);

    await log.forgetPayloads(places);
    let goesOn = true;
    let appended = 0;
    const appending = (async () => {
      while (goesOn) {
        await store(log, Buffer.from('more'));
        appended += 1;
        // Less than is given back meanwhile.
        await pace(10);
      }
    })();
    await expect.poll(() => sizeOf(directory.path), soon).toBeLessThan(12 * mebibyte);
    goesOn = false;
    await appending;
    const left = 7 * mebibyte + appended * 2_048;
    await expect.poll(() => sizeOf(directory.path), soon).toBeLessThan(left);

    const [part] = await log.readPayloads([{ position: kept }], 100);
    expect(Buffer.from(part?.bytes ?? []).toString()).toBe('kept');
    await log.close();
    expect(verifyStore(directory.path).events).toBeGreaterThan(25);
  });
});

describe('giving space back', () => {
  /** A file with 20 MiB of free pages, and some that are not. */
  const withFreePages = (file: string, prepare = openDurable) => {
    const db = prepare(file);
    db.exec('CREATE TABLE filler (id INTEGER PRIMARY KEY, bytes BLOB)');
    const insert = db.prepare('INSERT INTO filler VALUES (?, zeroblob(?))');
    for (let id = 0; id < 24; id += 1) insert.run(id, mebibyte);
    db.exec('DELETE FROM filler WHERE id < 20');
    return db;
  };
  /** What a kill at this moment would leave. */
  const mustBeWholeAfterKill = ({ name }: Database.Database): void => {
    const killed = `${name}-killed`;
    for (const end of ['', '-wal']) copyFileSync(`${name}${end}`, `${killed}${end}`);
    const found = openDurable(killed);
    expect(found.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(found.prepare('SELECT count(*) FROM filler').pluck().get()).toBe(4);
    found.close();
  };
  const freePages = (db: Database.Database) => db.pragma('freelist_count', { simple: true });

  it('goes in small steps, keeps a little for what comes next, and says when it is done', async () => {
    await using directory = await temporaryDirectory();
    const db = withFreePages(logFile(directory.path));
    const space = createFreedSpace(db);
    const before = Number(freePages(db));
    const steps: number[] = [];
    for (let pages = space.whenIdle(); pages > 0; pages = space.whenIdle()) {
      steps.push(pages);
      if (steps.length % 5 === 0) mustBeWholeAfterKill(db);
    }

    expect(Math.max(...steps)).toBe(64);
    expect(freePages(db)).toBe(256);
    expect(before - 256).toBe(steps.reduce((sum, pages) => sum + pages, 0));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT count(*) FROM filler').pluck().get()).toBe(4);
    db.close();
  });

  it('takes its time under load', async () => {
    await using directory = await temporaryDirectory();
    const db = withFreePages(logFile(directory.path));
    const space = createFreedSpace(db);
    const steps = [0, 100, 249, 250, 260, 499, 500].map((after) => space.whenDue(10_000 + after));

    expect(steps).toEqual([64, 0, 0, 64, 0, 0, 64]);
    db.close();
  });

  it('leaves a file of an earlier release as it is, whose copy can do it', async () => {
    await using directory = await temporaryDirectory();
    const file = logFile(directory.path);
    const db = withFreePages(file, (name) => {
      const made = new Database(name);
      prepareSchema(made);
      return made;
    });
    expect(createFreedSpace(db).whenIdle()).toBe(0);
    db.close();

    const copy = `${file}-copy`;
    await copyLog(file, copy);
    const copied = openDurable(copy);
    expect(copied.pragma('auto_vacuum', { simple: true })).toBe(2);
    expect(copied.prepare('SELECT count(*) FROM filler').pluck().get()).toBe(4);
    expect(statSync(copy).size).toBeLessThan(6 * mebibyte);
    copied.close();
  });
});
