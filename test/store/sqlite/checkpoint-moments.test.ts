import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointer } from '../../../src/store/sqlite/checkpointer.ts';
import type { Connection } from '../../../src/store/sqlite/database.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';

const pageBytes = 16_384;
const limits = { underLoad: 40, bytesUnderLoad: 100 * pageBytes, whenIdle: 10 };

interface Told {
  readonly busy: number;
  readonly log: number;
}

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

/** A database that only says what it was told to do; nothing is on its disk. */
const createScene = (answers: Partial<Record<string, Told>> = {}, cut = limits) => {
  const asked: string[] = [];
  const db = {
    name: join(directory.path, 'not-there.db'),
    pragma(text: string) {
      if (text === 'busy_timeout') return 5_000;
      asked.push(text);
      const [, mode = ''] = /^wal_checkpoint\((\w+)\)$/.exec(text) ?? [];
      return mode === '' ? undefined : [answers[mode] ?? { busy: 0, log: 0 }];
    },
  } as unknown as Connection;
  const checkpointer = createCheckpointer(db, cut);
  const commit = (count: number, bytes = pageBytes): void => {
    for (let n = 0; n < count; n += 1) checkpointer.committed(bytes);
  };
  return { asked, checkpointer, commit };
};

const patiently = (mode: string) => [
  'busy_timeout = 50',
  `wal_checkpoint(${mode})`,
  'busy_timeout = 5000',
];

describe('frames are moved to the database', () => {
  it('under load after so many of them, two for a commit of a page, and not before', () => {
    const { asked, checkpointer, commit } = createScene();
    commit(19);
    checkpointer.whenDue();
    expect(asked).toEqual([]);
    commit(1);
    checkpointer.whenDue();
    expect(asked).toEqual(['wal_checkpoint(PASSIVE)']);
    commit(19);
    checkpointer.whenDue();
    expect(asked).toHaveLength(1);
  });

  it('under load after so many bytes, in however few commits', () => {
    const { asked, checkpointer } = createScene();
    checkpointer.committed(30 * pageBytes);
    checkpointer.whenDue();
    expect(asked).toEqual([]);
    const few = createScene({}, { ...limits, underLoad: 1_000 });
    few.commit(1, 99 * pageBytes);
    few.checkpointer.whenDue();
    expect(few.asked).toEqual([]);
    few.commit(1);
    few.checkpointer.whenDue();
    expect(few.asked).toEqual(['wal_checkpoint(PASSIVE)']);
  });

  it('by beginning the log anew where readers have kept it for twice as long', () => {
    for (const [log, expected] of [
      [79, ['wal_checkpoint(PASSIVE)']],
      [80, ['wal_checkpoint(PASSIVE)', ...patiently('RESTART')]],
    ] as const) {
      const { asked, checkpointer, commit } = createScene({ PASSIVE: { busy: 0, log } });
      commit(20);
      checkpointer.whenDue();
      expect(asked).toEqual(expected);
    }
  });

  it('when idle after far fewer', () => {
    const { asked, checkpointer, commit } = createScene();
    commit(4);
    expect(checkpointer.whenIdle()).toBe(false);
    expect(asked).toEqual([]);
    commit(1);
    expect(checkpointer.whenIdle()).toBe(false);
    expect(asked).toEqual(['wal_checkpoint(PASSIVE)']);
  });
});

describe('what was erased', () => {
  it('is taken out of the write-ahead log when idle, and then no more is to be done', () => {
    const { asked, checkpointer } = createScene();
    checkpointer.erased();
    expect(checkpointer.whenIdle()).toBe(false);
    expect(asked).toEqual(patiently('TRUNCATE'));
    expect(checkpointer.whenIdle()).toBe(false);
    expect(asked).toHaveLength(3);
  });

  it('is tried again where a reader was in the way', () => {
    const answers: Partial<Record<string, Told>> = { TRUNCATE: { busy: 1, log: 3 } };
    const { asked, checkpointer } = createScene(answers);
    checkpointer.erased();
    expect(checkpointer.whenIdle()).toBe(true);
    expect(checkpointer.whenIdle()).toBe(true);
    answers['TRUNCATE'] = { busy: 0, log: 0 };
    expect(checkpointer.whenIdle()).toBe(false);
    expect(asked).toHaveLength(9);
  });
});
