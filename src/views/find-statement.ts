import { TriplineError } from '../domain/errors.ts';
import { type Asked, idsFor, indexFor, isList, type Where } from './find-index.ts';
import { beyond, type Condition, rangeConditions, rangesIn } from './find-range.ts';
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

/** Of a list of any length in one statement. */
const oneOf = 'IN (SELECT value FROM json_each(?))';

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
  /** The same, as it is compared. */
  readonly compared: string;
  /** Not found in the order of places. */
  readonly isMixed: boolean;
  readonly conditions: string[];
  readonly values: (string | number)[];
  column(name: string): string;
  add(condition: string, ...values: readonly (string | number)[]): void;
}

const searchFor = (
  { table, idTable, columns, indexes, ids }: Asked,
  { where = {}, ...query }: Pick<FindQuery, 'where' | 'between'>,
): Search => {
  const ranges = rangesIn(query);
  const sought = idsFor(ids, where);
  const index = sought === undefined ? indexFor(indexes, where, ranges) : [];
  const isOne = typeof sought === 'string';
  const place = isOne ? 'i.place' : 'd.place';
  const isMixed = ranges.some(({ above }) => above !== undefined);
  const documents = `${quoted(table)} d`;
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const search: Search = {
    source: isOne ? `${quoted(idTable)} i CROSS JOIN ${documents} ON d.place = i.place` : documents,
    place,
    // A plus keeps it from being looked up: what lies above a value is the most telling.
    compared: isMixed ? `+${place}` : place,
    isMixed,
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
  for (const range of ranges) {
    const where = {
      name: search.column(range.column),
      table: quoted(table),
      place: search.compared,
    };
    for (const condition of rangeConditions(range, where)) search.add(...condition);
  }
  return search;
};

const whereOf = ({ conditions }: Search): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;

/** What is found by an index is put in order first, by its place alone: whole documents are long. */
const inOrder = (asked: Asked, places: string, order: FindQuery['order']): string =>
  `SELECT d.* FROM ${quoted(asked.table)} d WHERE d.place IN (${places}) ORDER BY d.place ${order}`;

/** Keyset paging by position: whatever is created meanwhile, no document comes twice or is passed over. */
export const findStatement = (
  asked: Asked,
  { order, after, limit, ...query }: FindQuery,
): FindStatement => {
  const search = searchFor(asked, query);
  const { source, place, compared, isMixed, values } = search;
  if (after !== undefined)
    search.add(`${compared} ${beyond(quoted(asked.table), order)}`, positionIn(after));
  const found = `FROM ${source}${whereOf(search)} ORDER BY ${place} ${order} LIMIT ?`;
  return {
    sql: isMixed ? inOrder(asked, `SELECT ${place} ${found}`, order) : `SELECT d.* ${found}`,
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
