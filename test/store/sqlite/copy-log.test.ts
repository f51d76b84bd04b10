import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../../../src/store/event-store.ts';
import { copyLog, layoutOf } from '../../../src/store/sqlite/copy-log.ts';
import { writeKnownHead } from '../../../src/store/sqlite/known-head.ts';
import { logFile } from '../../../src/store/sqlite/log-file.ts';
import { schemaVersion } from '../../../src/store/sqlite/schema.ts';
import { sample } from '../contract/sample.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

let directory: TemporaryDirectory;
let store: EventStore;
let to = '';
beforeEach(async () => {
  directory = await temporaryDirectory();
  store = await openSqliteHere({ dataDir: directory.path });
  for (let n = 0; n < 5; n += 1) await store.append(`s-${n}`, 'no_stream', [sample()]);
  to = join(directory.path, 'copy.db');
});
afterEach(async () => {
  await store.close();
  await directory[Symbol.asyncDispose]();
});

const idsIn = (file: string): unknown[] => {
  const db = new Database(file, { readonly: true });
  const ids = db.prepare('SELECT id FROM events ORDER BY position').pluck().all();
  db.close();
  return ids;
};
const changed = (file: string, sql: string): string => {
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
};

describe('a copy of a log', () => {
  it('is one file with all that was acknowledged, also while it is written to', async () => {
    const file = logFile(directory.path);
    const before = (await store.readAll()).map(({ id }) => id);
    const [copied] = await Promise.all([
      copyLog(file, to),
      store.append('later', 'no_stream', [{ ...sample(), id: randomUUID() }]),
    ]);
    expect(copied).toBeUndefined();
    expect(idsIn(to).slice(0, before.length)).toEqual(before);
    expect(existsSync(`${to}-wal`)).toBe(false);
    expect(layoutOf(to)).toEqual({ found: schemaVersion, current: schemaVersion });
    const db = new Database(to, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
    db.close();
  });

  it('is refused where something acknowledged is missing, and not where nothing is known of that', async () => {
    writeKnownHead(directory.path, { position: 6, hash: 'sixth' });
    const file = logFile(directory.path);
    await expect(copyLog(file, to)).rejects.toMatchObject({
      code: 'corrupt-store',
      message: expect.stringContaining('it ends at position 5, but events up to position 6 were'),
    });
    const lone = join(directory.path, 'lone.db');
    writeKnownHead(directory.path, { position: 0, hash: '' });
    await copyLog(file, lone);
    writeKnownHead(directory.path, { position: 6, hash: 'sixth' });
    await copyLog(lone, to);
    expect(idsIn(to)).toHaveLength(5);
  });

  it('is refused of what this program has not written, or will write only later', async () => {
    const other = changed(join(directory.path, 'other.db'), 'CREATE TABLE a (b)');
    await expect(copyLog(other, to)).rejects.toMatchObject({
      ...{ code: 'corrupt-store' },
      message: `${other} is damaged: it is not a log of this program`,
    });
    const later = join(directory.path, 'later.db');
    await copyLog(logFile(directory.path), later);
    changed(later, `PRAGMA user_version = ${schemaVersion + 1}`);
    await expect(copyLog(later, to)).rejects.toMatchObject({
      ...{ code: 'corrupt-store' },
      message: `${later} is damaged: it has layout ${schemaVersion + 1}, this program knows ${schemaVersion}`,
    });
    changed(later, `PRAGMA user_version = ${schemaVersion - 1}`);
    await copyLog(later, to);
    expect(layoutOf(to)).toEqual({ found: schemaVersion - 1, current: schemaVersion });
  });

  it('is refused of what is no database, or is not there', async () => {
    const text = join(directory.path, 'text.db');
    writeFileSync(text, 'nothing that anybody could open '.repeat(100));
    await expect(copyLog(text, to)).rejects.toMatchObject({
      ...{ code: 'corrupt-store', message: expect.stringContaining(`${text} is damaged: `) },
    });
    const nowhere = join(directory.path, 'nowhere.db');
    await expect(copyLog(nowhere, to)).rejects.toMatchObject({
      code: 'data-directory-unusable',
      message: expect.stringContaining(`${nowhere} cannot be read: `),
    });
    expect(existsSync(nowhere)).toBe(false);
    expect(existsSync(to)).toBe(false);
  });

  it('does not hold up or change what it is of', async () => {
    const file = logFile(directory.path);
    const aside = join(directory.path, 'aside.db');
    await copyLog(file, aside);
    const bytes = idsIn(file);
    cpSync(aside, to);
    await store.append('after', 'no_stream', [{ ...sample(), id: randomUUID() }]);
    expect(idsIn(file)).toHaveLength(bytes.length + 1);
    expect(idsIn(to)).toEqual(bytes);
  });
});
