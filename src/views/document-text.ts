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

/** What of a document need not be in its text. */
interface Shape<Document> {
  readonly columns: readonly string[];
  readonly keyMember?: (keyof Document & string) | undefined;
  readonly usually?: Partial<Document> | undefined;
}

/** Whether a member is what it usually is; of those that are no plain values, texts are compared. */
const createIsUsual = (usual: unknown): ((value: unknown) => boolean) => {
  if (typeof usual !== 'object' || usual === null) return (value) => value === usual;
  const text = JSON.stringify(usual);
  return (value) => value === usual || JSON.stringify(value) === text;
};

/** How documents are written whose members `columns` are columns of the table. */
export const createDocumentText = <Document extends object>({
  columns,
  keyMember,
  usually = {},
}: Shape<Document>) => {
  const usual = Object.entries(usually).map(([member, value]) => ({
    member,
    isUsual: createIsUsual(value),
  }));
  const elsewhere = keyMember === undefined ? columns : [...columns, keyMember];
  /** JSON leaves out what is undefined; setting it is cheaper than copying all the rest. */
  const nothing = Object.fromEntries(elsewhere.map((member) => [member, undefined]));
  const isAllInText = elsewhere.length + usual.length === 0;

  const textOf = (members: Readonly<Record<string, unknown>>): string => {
    if (isAllInText) return JSON.stringify(members);
    const said: Record<string, unknown> = { ...members, ...nothing };
    for (const { member, isUsual } of usual) if (isUsual(said[member])) said[member] = undefined;
    return JSON.stringify(said);
  };
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
      const text = textOf(members);
      return [key, ...values, checksumOf(key, values, text), text];
    },
    textIn,
    /** The document as it was written, or a throw. */
    documentIn: (row: DocumentRow): Document => {
      const document = { ...usually, ...JSON.parse(textIn(row)) };
      for (const column of columns) document[column] = row[column];
      if (keyMember !== undefined) document[keyMember] = row.key;
      return document;
    },
  };
};
