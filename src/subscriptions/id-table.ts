import type Database from 'better-sqlite3';
import { quoted } from './find-statement.ts';
import { idHash } from './id-hash.ts';
import { idTableName } from './table-layout.ts';

/** By this id, among others, the document at this place is found. */
export type IdEntry = readonly [hash: number, place: number];

/** Entered in one go, which is cheaper than one by one. */
const entriesAtOnce = 32;

/** Which documents of a table have an id; what has only the same hash is told apart by its row. */
export const openIdTable = (db: Database.Database, table: string) => {
  const name = quoted(idTableName(table));
  const entering = (count: number) =>
    db.prepare(`INSERT INTO ${name} VALUES ${Array(count).fill('(?, ?)').join(', ')}`);
  const enterOne = entering(1);
  const enterMany = entering(entriesAtOnce);
  const strike = db.prepare(`DELETE FROM ${name} WHERE id = ? AND place = ?`);
  const selectPlaces = db.prepare<[string], { key: string; place: number }>(
    `SELECT d.key, d.place FROM json_each(?) h
     CROSS JOIN ${name} i ON i.id = h.value CROSS JOIN ${quoted(table)} d ON d.place = i.place`,
  );
  return {
    enter: (entries: readonly IdEntry[]): void => {
      // In their order, neighbours go to the same page.
      const sorted = entries.toSorted(([a], [b]) => a - b);
      const whole = sorted.length - (sorted.length % entriesAtOnce);
      for (let from = 0; from < whole; from += entriesAtOnce) {
        enterMany.run(sorted.slice(from, from + entriesAtOnce).flat());
      }
      for (const entry of sorted.slice(whole)) enterOne.run(entry);
    },
    strike: (entries: readonly IdEntry[]): void => {
      for (const entry of entries) strike.run(entry);
    },
    /** Where those documents are that are there already. */
    placesOf: (keys: Iterable<string>): ReadonlyMap<string, number> => {
      const hashes = JSON.stringify([...keys].map(idHash));
      return new Map(selectPlaces.all(hashes).map(({ key, place }) => [key, place]));
    },
  };
};
