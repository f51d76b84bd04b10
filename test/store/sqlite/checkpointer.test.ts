import { describe, expect, it } from 'vitest';
import { createCheckpointer } from '../../../src/store/sqlite/checkpointer.ts';
import { openReadOnly } from '../../../src/store/sqlite/database.ts';
import { fillerDatabase } from './filler-database.ts';
import { framesIn } from './wal-frames.ts';

const limits = { underLoad: 40, bytesUnderLoad: Number.POSITIVE_INFINITY, whenIdle: 10 };
const pageBytes = 16_384;

describe('the write-ahead log', () => {
  const db = fillerDatabase();

  const frames = (): number => framesIn(`${db().name}-wal`);
  const fill = (): void => {
    db().prepare('INSERT INTO filler VALUES (zeroblob(?))').run(pageBytes);
  };
  const work = (checkpointer: ReturnType<typeof createCheckpointer>, commits: number): number => {
    let longest = 0;
    for (let commit = 0; commit < commits; commit += 1) {
      fill();
      checkpointer.committed(pageBytes);
      checkpointer.whenDue();
      longest = Math.max(longest, frames());
    }
    return longest;
  };

  it('stays short under steady load', () => {
    // A page now and then tells where others lie.
    expect(work(createCheckpointer(db(), limits), 300)).toBeLessThan(2.5 * limits.underLoad);
  });

  it('stays shorter where few commits write much', () => {
    const few = { ...limits, underLoad: 10_000, bytesUnderLoad: 10 * pageBytes };
    const longest = work(createCheckpointer(db(), few), 300);
    expect(longest).toBeGreaterThanOrEqual(10);
    expect(longest).toBeLessThan(2 * limits.underLoad);
  });

  it('is short again soon after a reader that held on to it has let go', () => {
    const checkpointer = createCheckpointer(db(), limits);
    fill();
    const reader = openReadOnly(db().name);
    reader.exec('BEGIN; SELECT count(*) FROM filler');
    work(checkpointer, 100);
    const held = frames();
    reader.close();

    expect(held).toBeGreaterThan(3 * limits.underLoad);
    expect(work(checkpointer, 200)).toBeLessThan(held + 3 * limits.underLoad);
  });

  it.each(['whenIdle', 'whenDue'] as const)('is emptied if it was left behind: %s', (moment) => {
    for (let commit = 0; commit < 30; commit += 1) fill();
    expect(frames()).toBeGreaterThan(limits.whenIdle);
    createCheckpointer(db(), limits)[moment]();

    expect(frames()).toBe(0);
    expect(db().prepare('SELECT count(*) FROM filler').pluck().get()).toBe(30);
  });
});
