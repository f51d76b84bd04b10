import { copyFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDurable } from '../../../src/store/sqlite/database.ts';
import { makeRoomAhead } from '../../../src/store/sqlite/write-ahead-room.ts';
import { fillerDatabase } from './filler-database.ts';
import { framesIn } from './wal-frames.ts';

describe('room ahead in the write-ahead log', () => {
  const db = fillerDatabase();

  const sizeOfWal = (): number => statSync(`${db().name}-wal`).size;
  const commit = (times: number): void => {
    const insert = db().prepare('INSERT INTO filler VALUES (zeroblob(5000))');
    for (let count = 0; count < times; count += 1) insert.run();
  };
  const rowsAfterKill = (): unknown => {
    const copy = join(dirname(db().name), 'copy.db');
    copyFileSync(db().name, copy);
    copyFileSync(`${db().name}-wal`, `${copy}-wal`);
    const found = openDurable(copy);
    try {
      expect(found.pragma('integrity_check', { simple: true })).toBe('ok');
      return found.prepare('SELECT count(*) FROM filler').pluck().get();
    } finally {
      found.close();
    }
  };

  it('is written over by commits, which do not make the file any longer', () => {
    commit(10);
    makeRoomAhead(db());
    const size = sizeOfWal();
    const frames = framesIn(`${db().name}-wal`);
    commit(100);

    expect(size).toBeGreaterThan(20_000_000);
    expect(sizeOfWal()).toBe(size);
    expect(framesIn(`${db().name}-wal`)).toBeGreaterThan(frames + 99);
  });

  it('is no part of what is found after a kill', () => {
    commit(10);
    makeRoomAhead(db());
    expect(rowsAfterKill()).toBe(10);
    commit(10);
    expect(rowsAfterKill()).toBe(20);
  });

  it('is made anew after the log was emptied', () => {
    makeRoomAhead(db());
    commit(10);
    db().pragma('wal_checkpoint(TRUNCATE)');
    expect(sizeOfWal()).toBe(0);
    makeRoomAhead(db());
    expect(sizeOfWal()).toBeGreaterThan(20_000_000);
    commit(10);

    expect(rowsAfterKill()).toBe(20);
  });
});
