import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Connection } from '../../../../src/store/sqlite/database.ts';

/** The steps that write, by how they begin. */
export const writingSteps = [
  'BEGIN',
  'INSERT INTO events',
  'INSERT OR REPLACE INTO stream_settings',
  'INSERT INTO stream_run_chunks',
  'INSERT INTO stream_runs',
  'DELETE FROM stream_runs',
  'DELETE FROM stream_run_chunks',
  'COMMIT',
] as const;

export const faultKinds = ['full', 'full, rolled back', 'crash before', 'crash after'] as const;

/** What goes wrong the next time that it comes to such a step. */
export interface Fault {
  readonly kind: (typeof faultKinds)[number];
  readonly at: (typeof writingSteps)[number];
}

export class Crash extends Error {
  /** The files as they were. */
  readonly dataDir: string;

  constructor(dataDir: string) {
    super(`crashed, files in ${dataDir}`);
    this.dataDir = dataDir;
  }
}

export const fileIn = (dataDir: string): string => join(dataDir, 'events.db');

const filesNow = (dataDir: string): string => {
  const copy = `${dataDir}-`;
  mkdirSync(copy);
  for (const file of [fileIn(dataDir), `${fileIn(dataDir)}-wal`]) {
    if (existsSync(file)) copyFileSync(file, file.replace(dataDir, copy));
  }
  return copy;
};

/** Makes the steps fail that are armed, once each. */
export const createFaults = (
  db: Connection,
  dataDir: string,
  armed: Set<Fault>,
  onStruck: (fault: Fault) => void,
) => {
  const dueAt = (sql: string, moment: 'before' | 'after'): Fault | undefined =>
    [...armed].find(
      ({ kind, at }) => sql.startsWith(at) && (kind === 'crash after') === (moment === 'after'),
    );
  const strike = (fault: Fault | undefined): void => {
    if (fault === undefined) return;
    armed.delete(fault);
    onStruck(fault);
    if (fault.kind.startsWith('crash')) throw new Crash(filesNow(dataDir));
    if (fault.kind === 'full, rolled back' && db.inTransaction) db.exec('ROLLBACK');
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  };
  return {
    before: (sql: string): void => strike(dueAt(sql, 'before')),
    after: (sql: string): void => strike(dueAt(sql, 'after')),
  };
};
