import { z } from 'zod';
import { filterLanguages } from '../../filters/index.ts';
import type { FilterInput } from '../../filters/language.ts';
import { checkedFilter } from '../../operations/checked-filter.ts';
import { FilterForm } from '../../triggers/filter-form.ts';
import { base } from './route.ts';
import { resource, row } from './rows.ts';

const Members = z.record(z.string(), z.unknown(), 'must be an object');

const Sample = z.strictObject({
  /** The body; left out where it is no JSON. */
  payload: z.unknown().optional(),
  headers: Members.default({}),
  query: Members.default({}),
  source: z.string('must be a string').default(''),
  type: z.string('must be a string').default(''),
  /** Of CloudEvents, beside those that are always there. */
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]), 'must be an object')
    .default({}),
});

const lowerCased = <Value>(members: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name.toLowerCase(), value]));

const inputOf = ({ payload, headers, attributes, ...rest }: z.output<typeof Sample>) => {
  const { source, type } = rest;
  const always = { id: 'test', specversion: '1.0', source, type };
  return {
    ...rest,
    payload,
    headers: lowerCased(headers),
    attributes: { ...always, ...lowerCased(attributes) },
  } as FilterInput;
};

/** What filters say. */
export const filters = resource(
  { tag: 'filters', at: `${base}/filters`, right: 'function-triggers' },
  () => [
    row({
      operationId: 'testFilter',
      method: 'POST',
      path: '/test',
      summary: 'Try a filter on an event',
      description: 'Nothing is recorded. `mismatch` is the first predicate that failed.',
      right: 'read',
      body: z.strictObject({ filter: FilterForm, event: Sample }),
      answer: z.object({
        matches: z.boolean(),
        mismatch: z
          .object({
            language: z.string(),
            /** As it stands in the definition. */
            predicate: z.string(),
            /** A JSON pointer into the event. */
            path: z.string(),
            expected: z.string(),
            /** As JSON; left out where there was nothing. */
            seen: z.string().optional(),
          })
          .nullable(),
      }),
      handle: ({ body: { filter, event } }) => {
        const mismatch = checkedFilter(filterLanguages, filter).explain(inputOf(event)) ?? null;
        return { matches: mismatch === null, mismatch };
      },
    }),
  ],
);
