import type { FindQuery, Range } from './views.ts';

/** What can be asked, and by which indexes. */
export interface Asked {
  readonly table: string;
  readonly idTable: string;
  readonly columns: ReadonlySet<string>;
  readonly indexes: readonly (readonly string[])[];
  readonly ids: readonly string[];
}

export type Where = NonNullable<FindQuery['where']>;

/** The index to use: SQLite, left alone, takes every column for as telling as any other. */
export const indexFor = (
  indexes: Asked['indexes'],
  where: Where,
  ranges: readonly Range[],
): readonly string[] => {
  const isAsked = (name: string): boolean =>
    name in where || ranges.some(({ column, above }) => column === name && above !== undefined);
  return indexes.findLast((index) => index.every(isAsked)) ?? [];
};

export const isList = (value: Where[string]): value is readonly string[] => Array.isArray(value);

/** An id, or a list of them, is more telling than anything else. */
export const idsFor = (ids: Asked['ids'], where: Where): string | readonly string[] | undefined => {
  for (const name of ids) {
    const value = where[name];
    if (typeof value === 'string' || (value !== undefined && isList(value))) return value;
  }
  return undefined;
};
