import { z } from 'zod';
import { invalidField } from '../refusals.ts';
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
const positive = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a positive integer')
  .transform(Number);

export const TriggerListQuery = z.strictObject({
  limit: positive
    .optional()
    .transform((limit = largestPage) => Math.min(limit, largestPage))
    .describe('At most 500, which is the default.'),
  page: positive
    .optional()
    .transform((page = 1) => page)
    .describe('Counted from 1.'),
  search: z.string().max(256).optional(),
  searchField: z.enum(fields).default('name'),
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

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

const comparing =
  (sort: z.infer<typeof Sort>) =>
  (left: TriggerObject, right: TriggerObject): number => {
    for (const { field, direction } of sort) {
      const order = compare(textOf(left, field), textOf(right, field));
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return compare(left.id, right.id);
  };

/** One page of all that match; a page beyond the end is empty. */
export const pageOfTriggers = (
  all: readonly TriggerObject[],
  query: z.infer<typeof TriggerListQuery>,
) => {
  const { limit, page, search, searchField } = query;
  const sort = readSort(query.sort);
  const wanted = search?.toLowerCase();
  const matching =
    wanted === undefined
      ? [...all]
      : all.filter((trigger) => textOf(trigger, searchField).toLowerCase().includes(wanted));
  matching.sort(comparing(sort));
  const triggers = matching.slice((page - 1) * limit, page * limit);
  return { triggers, total: matching.length, page, limit };
};
