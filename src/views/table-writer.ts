import type Database from 'better-sqlite3';
import type { createDocumentText, DocumentRow } from './document-text.ts';
import { quoted } from './find-statement.ts';
import { createIdBatch } from './id-batch.ts';
import { openIdTable } from './id-table.ts';
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

  const deleteAt = (place: number | undefined): void => {
    const row = place === undefined ? undefined : select.get(place);
    if (place === undefined || row === undefined) return;
    for (const id of idsOf(row.key, text.documentIn(row))) idTable.strike(id, place);
    remove.run(place);
  };
  /** Gives back the length of its text. */
  const put = (
    row: readonly unknown[],
    place: number | undefined,
    former: number | undefined,
  ): number => {
    if (place !== undefined) insert.run([place, ...row]);
    else if (former !== undefined) update.run([...row.slice(1), former]);
    else throw new DamagedViews(`the document ${row[0]} is gone`);
    return String(row.at(-1)).length;
  };
  const idsOf = (key: string, document: Document): readonly string[] => [
    key,
    ...ids.map((column) => String(document[column])),
  ];

  /** `written` hears of each document how long its text is. */
  return (
    changes: ReadonlyMap<string, Change<Document>>,
    written: (key: string, document: Document, length: number) => void,
  ): void => {
    const places = idTable.placesOf(changes.keys());
    const batch = createIdBatch();
    for (const [key, { document, place }] of changes) {
      const former = places.get(key);
      if (document === undefined || place !== undefined) deleteAt(former);
      if (document === undefined) continue;
      written(key, document, put(text.row(key, document), place, former));
      if (place !== undefined) batch.add(idsOf(key, document), place);
    }
    idTable.enter(batch.entries());
  };
};
