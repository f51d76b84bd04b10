import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

/** The sketch's log: one table, one fsync per message. Plain JavaScript, as threads load no TypeScript. */
const db = new Database(String(workerData));
db.pragma('page_size = 16384');
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('wal_autocheckpoint = 4000');
db.exec('CREATE TABLE log (position INTEGER PRIMARY KEY, id TEXT, type TEXT, data TEXT)');
const insert = db.prepare('INSERT INTO log (id, type, data) VALUES (?, ?, ?)');
const insertAll = db.transaction((rows) => {
  for (const row of rows) insert.run(...row);
});

parentPort?.on('message', (rows) => {
  insertAll(rows);
  parentPort?.postMessage('durable');
});
