import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface Content {
  readonly where: string;
  readonly content: Buffer | string;
}

/** Every value of every table; a long one is in several pieces in the file itself. */
const rowsOf = (file: string): readonly Content[] => {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all() as string[];
    return tables.map((table) => ({
      where: `${file}, table ${table}`,
      content: (db.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][])
        .flat()
        .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
        .join('\n'),
    }));
  } finally {
    db.close();
  }
};

/** All there is below a directory: the bytes of every file, and what the databases among them hold. */
export const diskContents = async (directory: string): Promise<readonly Content[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  const raw = await Promise.all(
    files.map(async (file) => ({ where: file, content: await readFile(file) })),
  );
  // After the bytes: opening a database may move its journal into it.
  const databases = files.filter((file) => /(events|views)\.db$/.test(file));
  return [...raw, ...databases.flatMap(rowsOf)];
};
