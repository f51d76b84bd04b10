import type Database from 'better-sqlite3';
import type { createDocumentText, DocumentRow } from './document-text.ts';
import { quoted } from './find-statement.ts';
import { idHash } from './id-hash.ts';
import { type IdEntry, openIdTable } from './id-table.ts';
import { DamagedViews } from './view-damage.ts';

/** What becomes of one document by the next write. */
export interface Change<Document> {
  /** Undefined: it is deleted. */
  readonly document: Document | undefined;
  /**
   * Of a document that begins: the ordinal of the fact it begins with, which is the same on every
   * rebuild. So the order of places is that of positions.
   */
  readonly place: number | undefined;
}

export interface TableShape<Document> {
  readonly name: string;
  readonly columns: readonly string[];
  readonly ids: readonly (keyof Document & string)[];
  readonly text: ReturnType<typeof createDocumentText<Document & object>>;
}

/** Writes documents together with the ids they are found by. */
export const createTableWriter = <Document extends object>(
  db: Database.Database,
  { name, columns, ids, text }: TableShape<Document>,
) => {
  const table = quoted(name);
  const members = [...columns, 'checksum', 'document'].map(quoted);
  const values = Array(members.length + 2).fill('?');
  const insert = db.prepare(`INSERT INTO ${table} VALUES (${values.join(', ')})`);
  const update = db.prepare(
    `UPDATE ${table} SET ${members.map((member) => `${member} = ?`).join(', ')} WHERE place = ?`,
  );
  const select = db.prepare<[number], DocumentRow>(`SELECT * FROM ${table} WHERE place = ?`);
  const remove = db.prepare(`DELETE FROM ${table} WHERE place = ?`);
  const idTable = openIdTable(db, name);

  const entriesOf = (key: string, document: Document, place: number): readonly IdEntry[] => {
    const hashes = new Set([idHash(key)]);
    for (const column of ids) hashes.add(idHash(String(document[column])));
    return [...hashes].map((hash) => [hash, place]);
  };
  const deleteAt = (place: number | undefined): void => {
    const row = place === undefined ? undefined : select.get(place);
    if (place === undefined || row === undefined) return;
    idTable.strike(entriesOf(row.key, text.documentIn(row), place));
    remove.run(place);
  };
  const begin = (place: number, row: readonly unknown[], former: number | undefined): void => {
    deleteAt(former);
    insert.run([place, ...row]);
  };
  const change = (row: readonly unknown[], place: number | undefined): void => {
    if (place === undefined) throw new DamagedViews(`the document ${row[0]} is gone`);
    update.run([...row.slice(1), place]);
  };

  /** `written` hears of each document how long its text is. */
  return (
    changes: ReadonlyMap<string, Change<Document>>,
    written: (key: string, document: Document, length: number) => void,
  ): void => {
    const former = idTable.placesOf(changes.keys());
    const entries: IdEntry[] = [];
    for (const [key, { document, place }] of changes) {
      if (document === undefined) {
        deleteAt(former.get(key));
        continue;
      }
      const row = text.row(key, document);
      if (place === undefined) change(row, former.get(key));
      else {
        begin(place, row, former.get(key));
        entries.push(...entriesOf(key, document, place));
      }
      written(key, document, String(row.at(-1)).length);
    }
    idTable.enter(entries);
  };
};
