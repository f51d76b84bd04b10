import { TriplineError } from '../domain/errors.ts';
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
  readonly columns: ReadonlySet<string>;
  readonly indexes: readonly (readonly string[])[];
}

/** The index to use: SQLite, left alone, takes every column for as telling as any other. */
const indexFor = (
  indexes: Asked['indexes'],
  where: NonNullable<FindQuery['where']>,
): readonly string[] | undefined =>
  indexes.findLast((index) => index.every((name) => name === 'position' || name in where));

/** Keyset paging by position: whatever is created meanwhile, no document comes twice or is passed over. */
export const findStatement = (
  { table, columns, indexes }: Asked,
  { where = {}, between, order, after, limit }: FindQuery,
): FindStatement => {
  const index = indexFor(indexes, where);
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const column = (name: string): string => {
    if (!columns.has(name)) throw invalid(name, 'cannot be asked for');
    // A plus keeps a column from being looked up in an index.
    return index === undefined || index.includes(name) ? quoted(name) : `+${quoted(name)}`;
  };
  const add = (condition: string, value: string | number): void => {
    conditions.push(condition);
    values.push(value);
  };
  for (const [name, value] of Object.entries(where)) {
    if (value === null) conditions.push(`${column(name)} IS NULL`);
    else add(`${column(name)} = ?`, value);
  }
  if (between?.from !== undefined) add(`${column(between.column)} >= ?`, between.from);
  if (between?.to !== undefined) add(`${column(between.column)} <= ?`, between.to);
  if (after !== undefined) add(`"position" ${order === 'asc' ? '>' : '<'} ?`, positionIn(after));
  const condition = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT * FROM ${quoted(table)}${condition} ORDER BY "position" ${order} LIMIT ?`,
    // One more than asked for tells whether there is a next page.
    values: [...values, limit + 1],
  };
};
