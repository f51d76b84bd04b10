import Database from 'better-sqlite3';
import { type Connection, openDurable } from '../../../src/store/sqlite/database.ts';
import { watched } from './watched-connection.ts';

const full = (): Error => new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
const failed = (): Error => new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');

/** A database that refuses or fails to commit for as long as it is told to. */
export const faultyDatabase = () => {
  const disk = { isFull: false, fails: false, writes: 0 };
  return {
    disk,
    open: (file: string): Connection =>
      watched(openDurable(file), {
        before: (sql) => {
          if (sql === 'COMMIT' && disk.fails) throw failed();
          if (disk.isFull && /^(INSERT|CREATE|DELETE)/.test(sql)) throw full();
        },
        after: (sql) => {
          if (/^(INSERT|CREATE|DELETE)/.test(sql)) disk.writes += 1;
        },
      }),
  };
};
