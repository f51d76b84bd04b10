import { crc32 } from 'node:zlib';
import { DamagedViews } from './view-damage.ts';

type Value = string | number | null;

/** A document as it lies in a table: some members in columns of their own, the others as text. */
export interface DocumentRow {
  readonly key: string;
  readonly checksum: number;
  readonly document: string;
  readonly [column: string]: unknown;
}

/** SQLite does not notice a flipped bit in a value; this does, also when a row sits under a wrong key. */
const checksumOf = (key: string, values: readonly unknown[], text: string): number => {
  let all = key;
  for (const value of values) all += `\n${value}`;
  return crc32(`${all}\n${text}`);
};

/** How documents are written whose members `columns` are columns of the table. */
export const createDocumentText = <Document extends object>(columns: readonly string[]) => {
  /** JSON leaves out what is undefined; setting it is cheaper than copying all the rest. */
  const nothing = Object.fromEntries(columns.map((column) => [column, undefined]));
  /** The members that are no columns, or a throw. */
  const textIn = (row: DocumentRow): string => {
    const { key, checksum, document } = row;
    const values = columns.map((column) => row[column]);
    if (checksumOf(key, values, document) === checksum) return document;
    throw new DamagedViews(`the document ${key} is not what was written`);
  };
  return {
    /** In the order of the table: key, columns, checksum, text. */
    row: (key: string, document: Document): readonly Value[] => {
      const members = document as Readonly<Record<string, Value>>;
      const values = columns.map((column) => members[column] ?? null);
      const text = JSON.stringify(columns.length === 0 ? document : { ...document, ...nothing });
      return [key, ...values, checksumOf(key, values, text), text];
    },
    textIn,
    /** The document as it was written, or a throw. */
    documentIn: (row: DocumentRow): Document => {
      const document = JSON.parse(textIn(row));
      for (const column of columns) document[column] = row[column];
      return document;
    },
  };
};
