import type { FindQuery, Range } from './views.ts';

export type Condition = readonly [sql: string, ...values: readonly (string | number)[]];

/** Places are in the order of positions. */
const firstPlace = (table: string, comparison: '>' | '>='): string =>
  `>= (SELECT place FROM ${table} WHERE "position" ${comparison} ? ORDER BY "position" LIMIT 1)`;
const lastPlace = (table: string, comparison: '<' | '<='): string =>
  `<= (SELECT place FROM ${table} WHERE "position" ${comparison} ? ORDER BY "position" DESC LIMIT 1)`;

/** Where the page begins. */
export const beyond = (table: string, order: FindQuery['order']): string =>
  order === 'asc' ? firstPlace(table, '>') : lastPlace(table, '<');

export const rangesIn = ({ between }: Pick<FindQuery, 'between'>): readonly Range[] =>
  between === undefined ? [] : [between].flat();

/** Text that a value must be beyond, in either direction. */
export const rangeConditions = (
  { column, from, to, above }: Range,
  { name, table, place }: { readonly name: string; readonly table: string; readonly place: string },
): readonly Condition[] => {
  const isPlace = column === 'position';
  const conditions: Condition[] = [];
  if (from !== undefined)
    conditions.push([isPlace ? `${place} ${firstPlace(table, '>=')}` : `${name} >= ?`, from]);
  if (above !== undefined)
    conditions.push([isPlace ? `${place} ${firstPlace(table, '>')}` : `${name} > ?`, above]);
  if (to !== undefined)
    conditions.push([isPlace ? `${place} ${lastPlace(table, '<=')}` : `${name} <= ?`, to]);
  return conditions;
};
