import type Database from 'better-sqlite3';
import { quoted } from './find-statement.ts';
import { idHash } from './id-hash.ts';
import { idTableName } from './table-layout.ts';

/** Entered in one go, which is cheaper than one by one. */
const entriesAtOnce = 32;
const width = 2;

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
    /** Hash, place, hash, place …, as a batch gives them. */
    enter: (entries: readonly number[]): void => {
      const many = entriesAtOnce * width;
      const whole = entries.length - (entries.length % many);
      for (let from = 0; from < whole; from += many) {
        enterMany.run(entries.slice(from, from + many));
      }
      for (let from = whole; from < entries.length; from += width) {
        enterOne.run(entries.slice(from, from + width));
      }
    },
    strike: (id: string, place: number): void => {
      strike.run(idHash(id), place);
    },
    /** Where those documents are that are there already. */
    placesOf: (keys: Iterable<string>): ReadonlyMap<string, number> => {
      const hashes = JSON.stringify([...keys].map(idHash));
      return new Map(selectPlaces.all(hashes).map(({ key, place }) => [key, place]));
    },
  };
};
