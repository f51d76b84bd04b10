import { z } from 'zod';
import { invalidField } from '../../domain/invalid.ts';

const members = (order: 'asc' | 'desc') => ({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Results per page.'),
  after: z.string().min(1).max(4_096).optional().describe('The `next` of the page before.'),
  order: z.enum(['asc', 'desc']).default(order).describe('`asc`: oldest first.'),
});

/** Pages of a list that grows with what happens: newest first unless asked otherwise. */
export const Paging = z.strictObject(members('desc'));

/** Pages of what somebody made: oldest first unless asked otherwise. */
export const PagingFromFirst = z.strictObject(members('asc'));

/** Of every list, beside its items. */
export const Next = z
  .string()
  .nullable()
  .describe('Pass it as `after` for the next page; null on the last one.');

/** What an item is in order by; no two items of a list have the same. */
export type Key = readonly (string | number)[];

export const cursorOf = (key: Key): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

const alike = (one: unknown, other: string | number): boolean => typeof one === typeof other;

/** The key in a cursor, which must be of the form of this one. */
export const keyIn = (cursor: string, like: Key): Key => {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(key) &&
      key.length === like.length &&
      like.every((part, at) => alike(key[at], part))
    )
      return key;
  } catch {}
  throw invalidField('after', 'is not a cursor of this list');
};

export type Compare = (left: Key, right: Key) => number;

const ascending: Compare = (left, right) => {
  for (const [at, one] of left.entries()) {
    const other = right[at] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
};

const backwards: Compare = (left, right) => ascending(right, left);

/** The page that begins behind the cursor's item, wherever that stands now and if it is there at all. */
export const pageBehind = <Item>(
  items: readonly Item[],
  { keyOf, compare }: { readonly keyOf: (item: Item) => Key; readonly compare: Compare },
  { after, limit }: { readonly after: Key | undefined; readonly limit: number },
): { readonly items: readonly Item[]; readonly next: Key | null } => {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const rest = after === undefined ? keyed : keyed.filter(({ key }) => compare(key, after) > 0);
  rest.sort((left, right) => compare(left.key, right.key));
  const page = rest.slice(0, limit);
  return {
    items: page.map(({ item }) => item),
    next: rest.length > limit ? (page.at(-1)?.key ?? null) : null,
  };
};

/** What a list is in order by, and an example of it. */
export interface Order<Item> {
  readonly keyOf: (item: Item) => Key;
  readonly like: Key;
}

/** In the order of creation. */
export const byCreation: Order<{ readonly createdAt: string; readonly id: string }> = {
  keyOf: ({ createdAt, id }) => [createdAt, id],
  like: ['', ''],
};

/** A page of all there is. Whatever is made or deleted meanwhile, no item comes twice or is passed over. */
export const pageOf = <Item>(
  all: readonly Item[],
  { keyOf, like }: Order<Item>,
  { limit, after, order }: z.output<typeof Paging>,
): { readonly items: Item[]; readonly next: string | null } => {
  const compare = order === 'asc' ? ascending : backwards;
  const from = after === undefined ? undefined : keyIn(after, like);
  const { items, next } = pageBehind(all, { keyOf, compare }, { after: from, limit });
  return { items: [...items], next: next && cursorOf(next) };
};
