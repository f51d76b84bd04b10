import { TriplineError } from '../domain/errors.ts';
import { idHash } from './id-hash.ts';
import type { FindQuery } from './views.ts';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const cursorOf = (position: string): string => Buffer.from(position).toString('base64url');

const invalid = (field: string, message: string) =>
  new TriplineError('validation-failed', `${field} ${message}`, { details: [{ field, message }] });

/** The position in a cursor; positions have digits and slashes only. */
export const positionIn = (cursor: string, field = 'after'): string => {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!/^[0-9/]+$/.test(position)) throw invalid(field, 'is not a cursor of this list');
  return position;
};

export interface FindStatement {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** What can be asked, and by which indexes. */
export interface Asked {
  readonly table: string;
  readonly idTable: string;
  readonly columns: ReadonlySet<string>;
  readonly indexes: readonly (readonly string[])[];
  readonly ids: readonly string[];
}

type Where = NonNullable<FindQuery['where']>;

/** The index to use: SQLite, left alone, takes every column for as telling as any other. */
const indexFor = (indexes: Asked['indexes'], where: Where): readonly string[] =>
  indexes.findLast((index) => index.every((name) => name in where)) ?? [];

/** An id is more telling than anything else. */
const idFor = (ids: Asked['ids'], where: Where): string | undefined => {
  const values = ids.map((name) => where[name]);
  return values.find((value) => typeof value === 'string') as string | undefined;
};

/** Where the page begins; places are in the order of positions. */
const beyond = (table: string, order: FindQuery['order']): string =>
  order === 'asc'
    ? `>= (SELECT place FROM ${table} WHERE "position" > ? ORDER BY "position" LIMIT 1)`
    : `<= (SELECT place FROM ${table} WHERE "position" < ? ORDER BY "position" DESC LIMIT 1)`;

/** Keyset paging by position: whatever is created meanwhile, no document comes twice or is passed over. */
export const findStatement = (
  { table, idTable, columns, indexes, ids }: Asked,
  { where = {}, between, order, after, limit }: FindQuery,
): FindStatement => {
  const id = idFor(ids, where);
  const index = id === undefined ? indexFor(indexes, where) : [];
  const place = id === undefined ? 'd.place' : 'i.place';
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const column = (name: string): string => {
    if (!columns.has(name)) throw invalid(name, 'cannot be asked for');
    // A plus keeps a column from being looked up in an index.
    return `${index.includes(name) ? '' : '+'}d.${quoted(name)}`;
  };
  const add = (condition: string, value: string | number): void => {
    conditions.push(condition);
    values.push(value);
  };
  if (id !== undefined) add('i.id = ?', idHash(id));
  for (const [name, value] of Object.entries(where)) {
    if (value === null) conditions.push(`${column(name)} IS NULL`);
    else add(`${column(name)} = ?`, value);
  }
  if (between?.from !== undefined) add(`${column(between.column)} >= ?`, between.from);
  if (between?.to !== undefined) add(`${column(between.column)} <= ?`, between.to);
  if (after !== undefined) add(`${place} ${beyond(quoted(table), order)}`, positionIn(after));
  const condition = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const documents = `${quoted(table)} d`;
  const source =
    id === undefined
      ? documents
      : `${quoted(idTable)} i CROSS JOIN ${documents} ON d.place = i.place`;
  return {
    sql: `SELECT d.* FROM ${source}${condition} ORDER BY ${place} ${order} LIMIT ?`,
    // One more than asked for tells whether there is a next page.
    values: [...values, limit + 1],
  };
};
