import { TriplineError } from '../domain/errors.ts';
import { idHash } from './id-hash.ts';
import type { FindQuery } from './views.ts';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const cursorOf = (position: string): string => Buffer.from(position).toString('base64url');

const invalid = (field: string, message: string) =>
  new TriplineError('validation-failed', `${field} ${message}`, { details: [{ field, message }] });

/** The position in a cursor: digits and slashes, and within a record a number behind a dot. */
export const positionIn = (cursor: string, field = 'after'): string => {
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!/^[0-9/]+(\.[0-9]{5})?$/.test(position))
    throw invalid(field, 'is not a cursor of this list');
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

const isList = (value: Where[string]): value is readonly string[] => Array.isArray(value);

/** An id, or a list of them, is more telling than anything else. */
const idsFor = (ids: Asked['ids'], where: Where): string | readonly string[] | undefined => {
  for (const name of ids) {
    const value = where[name];
    if (typeof value === 'string' || (value !== undefined && isList(value))) return value;
  }
  return undefined;
};

/** Of a list of any length in one statement. */
const oneOf = 'IN (SELECT value FROM json_each(?))';

/** Where the page begins; places are in the order of positions. */
const beyond = (table: string, order: FindQuery['order']): string =>
  order === 'asc'
    ? `>= (SELECT place FROM ${table} WHERE "position" > ? ORDER BY "position" LIMIT 1)`
    : `<= (SELECT place FROM ${table} WHERE "position" < ? ORDER BY "position" DESC LIMIT 1)`;

type Condition = readonly [sql: string, ...values: readonly (string | number)[]];

const matching = (column: string, value: Where[string]): Condition => {
  if (value === null) return [`${column} IS NULL`];
  return isList(value) ? [`${column} ${oneOf}`, JSON.stringify(value)] : [`${column} = ?`, value];
};

/** By an id; or by several, where a document that is entered under two of them is found once. */
const entered = (idTable: string, sought: string | readonly string[]): Condition =>
  typeof sought === 'string'
    ? ['i.id = ?', idHash(sought)]
    : [
        `d.place IN (SELECT place FROM ${quoted(idTable)} WHERE id ${oneOf})`,
        JSON.stringify(sought.map(idHash)),
      ];

interface Search {
  /** What is searched, and the name of its place in there. */
  readonly source: string;
  readonly place: string;
  readonly conditions: string[];
  readonly values: (string | number)[];
  column(name: string): string;
  add(condition: string, ...values: readonly (string | number)[]): void;
}

const searchFor = (
  { table, idTable, columns, indexes, ids }: Asked,
  { where = {}, between }: Pick<FindQuery, 'where' | 'between'>,
): Search => {
  const sought = idsFor(ids, where);
  const index = sought === undefined ? indexFor(indexes, where) : [];
  const isOne = typeof sought === 'string';
  const documents = `${quoted(table)} d`;
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const search: Search = {
    source: isOne ? `${quoted(idTable)} i CROSS JOIN ${documents} ON d.place = i.place` : documents,
    place: isOne ? 'i.place' : 'd.place',
    conditions,
    values,
    column(name) {
      if (!columns.has(name)) throw invalid(name, 'cannot be asked for');
      // A plus keeps a column from being looked up in an index.
      return `${index.includes(name) ? '' : '+'}d.${quoted(name)}`;
    },
    add(condition, ...itsValues) {
      conditions.push(condition);
      values.push(...itsValues);
    },
  };
  if (sought !== undefined) search.add(...entered(idTable, sought));
  for (const [name, value] of Object.entries(where))
    search.add(...matching(search.column(name), value));
  const { from, to } = between ?? {};
  if (between !== undefined && from !== undefined)
    search.add(`${search.column(between.column)} >= ?`, from);
  if (between !== undefined && to !== undefined)
    search.add(`${search.column(between.column)} <= ?`, to);
  return search;
};

const whereOf = ({ conditions }: Search): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;

/** Keyset paging by position: whatever is created meanwhile, no document comes twice or is passed over. */
export const findStatement = (
  asked: Asked,
  { order, after, limit, ...query }: FindQuery,
): FindStatement => {
  const search = searchFor(asked, query);
  const { source, place, values } = search;
  if (after !== undefined)
    search.add(`${place} ${beyond(quoted(asked.table), order)}`, positionIn(after));
  return {
    sql: `SELECT d.* FROM ${source}${whereOf(search)} ORDER BY ${place} ${order} LIMIT ?`,
    // One more than asked for tells whether there is a next page.
    values: [...values, limit + 1],
  };
};

export const countStatement = (
  asked: Asked,
  query: Pick<FindQuery, 'where' | 'between'> = {},
): FindStatement => {
  const search = searchFor(asked, query);
  const { source, values } = search;
  return { sql: `SELECT count(*) AS n FROM ${source}${whereOf(search)}`, values };
};
