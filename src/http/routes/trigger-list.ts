import { z } from 'zod';
import { invalidField } from '../../domain/invalid.ts';
import { MomentText } from './moment.ts';
import { type Compare, cursorOf, type Key, keyIn, pageBehind } from './paging.ts';
import type { TriggerObject } from './trigger-wire.ts';

const fields = [
  'id',
  'name',
  'description',
  'functionId',
  'executionType',
  'status',
  'createdBy',
  'updatedBy',
  'createdAt',
  'updatedAt',
] as const;
type Field = (typeof fields)[number];

const largestPage = 500;
const rule = 'must be a positive integer';
const positive = z.coerce.number(rule).int(rule).min(1, rule).max(999_999_999, rule);

export const TriggerListQuery = z.strictObject({
  limit: positive
    .optional()
    .transform((limit = largestPage) => Math.min(limit, largestPage))
    .describe('At most 500, which is the default.'),
  page: positive
    .optional()
    .describe('Counted from 1. Pages shift when something before is deleted.'),
  after: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe('Instead of a page: the `next` of the answer before, in the same order.'),
  search: z.string().max(256).optional(),
  searchField: z.enum(fields).default('name'),
  broken: z
    .enum(['true', 'false'])
    .optional()
    .describe('Those only that lack what they are bound to, or only the others.'),
  asOf: MomentText.optional().describe(
    'As they stood then, deleted ones too: a position in the log, or a time with its zone.',
  ),
  sort: z.string().max(1_024).optional().describe('`[{"field":"name","direction":"asc"}]`'),
});

const Sort = z
  .array(z.strictObject({ field: z.enum(fields), direction: z.enum(['asc', 'desc']) }))
  .max(5);

const defaultSort: z.infer<typeof Sort> = [{ field: 'createdAt', direction: 'asc' }];

const readSort = (text: string | undefined): z.infer<typeof Sort> => {
  if (text === undefined) return defaultSort;
  try {
    return Sort.parse(JSON.parse(text));
  } catch {
    const names = fields.join(', ');
    throw invalidField(
      'sort',
      `must be a JSON array of {"field", "direction"}; fields are ${names}`,
    );
  }
};

const textOf = (trigger: TriggerObject, field: Field): string => trigger[field] ?? '';

type SortOrder = z.infer<typeof Sort>;

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

/** By the wanted fields, each in its direction; then by id, so that no two are alike. */
const comparing =
  (sort: SortOrder): Compare =>
  (left, right) => {
    for (const [at, { direction }] of sort.entries()) {
      const order = compare(String(left[at]), String(right[at]));
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return compare(String(left[sort.length]), String(right[sort.length]));
  };

const keyBy =
  (sort: SortOrder) =>
  (trigger: TriggerObject): Key => [...sort.map(({ field }) => textOf(trigger, field)), trigger.id];

/** A cursor is good for the order it came from and says which that was. */
const nameOf = (sort: SortOrder): string =>
  sort.map(({ field, direction }) => `${field} ${direction}`).join();

const behind = (after: string | undefined, sort: SortOrder): Key | undefined => {
  if (after === undefined) return undefined;
  const [name, ...key] = keyIn(after, ['', ...sort.map(() => ''), '']);
  if (name === nameOf(sort)) return key;
  throw invalidField('after', 'comes from another order of this list');
};

const matching = (
  all: readonly TriggerObject[],
  { search, searchField, broken }: z.infer<typeof TriggerListQuery>,
): readonly TriggerObject[] => {
  const wanted = search?.toLowerCase();
  return all.filter(
    (trigger) =>
      (wanted === undefined || textOf(trigger, searchField).toLowerCase().includes(wanted)) &&
      (broken === undefined || (broken === 'true') === (trigger.broken !== undefined)),
  );
};

/**
 * One page of all that match, by its number or behind the one before; a page beyond the end is
 * empty. Whatever is made or deleted meanwhile, behind a cursor nothing comes twice or is passed over.
 */
export const pageOfTriggers = (
  all: readonly TriggerObject[],
  query: z.infer<typeof TriggerListQuery>,
) => {
  const { limit, page, after } = query;
  if (page !== undefined && after !== undefined)
    throw invalidField('page', 'must not be given together with after');
  const sort = readSort(query.sort);
  const found = matching(all, query);
  const order = { keyOf: keyBy(sort), compare: comparing(sort) };
  const { items, next } = pageBehind(found, order, {
    after: behind(after, sort),
    limit: (page ?? 1) * limit,
  });
  const triggers = after === undefined ? items.slice(((page ?? 1) - 1) * limit) : items;
  return {
    triggers: [...triggers],
    total: found.length,
    page: page ?? 1,
    limit,
    next: next && cursorOf([nameOf(sort), ...next]),
  };
};
