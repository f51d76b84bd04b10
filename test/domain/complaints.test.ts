import { expect, it } from 'vitest';
import { z } from 'zod';
import { complaintOf, sentenceOf } from '../../src/domain/complaints.ts';

type Words = typeof complaintOf | typeof sentenceOf;

const said = (words: Words, schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: words }).error?.issues[0]?.message;

it.each([
  [z.string(), undefined, 'is required'],
  [z.string(), 1, 'must be a string'],
  [z.number(), '1', 'must be a number'],
  [z.int(), 1.5, 'must be an integer'],
  [z.boolean(), 1, 'must be true or false'],
  [z.object({}), [], 'must be an object'],
  [z.record(z.string(), z.string()), [], 'must be an object'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.null(), 1, 'must be null'],
  [z.number().min(2), 1, 'must be at least 2'],
  [z.number().max(2), 3, 'must be at most 2'],
  [z.enum(['keep', 'drop']), 'lose', 'must be "keep" or "drop"'],
  [z.literal(1), 2, 'must be 1'],
  [z.literal(1), undefined, 'must be 1'],
  [z.union([z.string(), z.boolean()]), 1, 'must be of another form'],
])('a schema without words of its own says what a value must be', (schema, value, words) => {
  expect(said(complaintOf, schema, value)).toBe(words);
  expect(said(sentenceOf, schema, value)).toBe(words);
});

it.each([
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(2), 'a', 'must have at least 2 characters'],
  [z.string().max(2), 'abc', 'must have at most 2 characters'],
  [z.url(), 'here', 'must be a valid url'],
  [z.uuid(), 'x', 'must be a valid uuid'],
  [z.array(z.string()).min(1), [], 'must be at least 1'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must be at most 1'],
])('of a request’s member it speaks of characters where it is text', (schema, value, words) => {
  expect(said(complaintOf, schema, value)).toBe(words);
});

it('a schema’s own words stand', () => {
  expect(said(complaintOf, z.string('must be a header name'), 1)).toBe('must be a header name');
});
