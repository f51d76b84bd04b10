import type { Json } from './json.ts';

export interface Difference {
  /** A JSON pointer (RFC 6901). */
  readonly path: string;
  /** Left out where there was nothing. */
  readonly before?: Json;
  /** Left out where there is nothing. */
  readonly after?: Json;
}

type JsonObject = { readonly [name: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const same = (before: Json | undefined, after: Json | undefined): boolean =>
  before === after || JSON.stringify(before) === JSON.stringify(after);

/** Member by member, however deep; lists count as wholes. */
export const differencesIn = (
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): readonly Difference[] => {
  if (!isObject(before) || !isObject(after)) {
    if (same(before, after)) return [];
    return [
      { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
    ];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    differencesIn(
      Object.hasOwn(before, name) ? before[name] : undefined,
      Object.hasOwn(after, name) ? after[name] : undefined,
      `${path}/${escaped(name)}`,
    ),
  );
};
