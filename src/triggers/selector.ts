import { z } from 'zod';
import type { DataOf } from '../domain/events.ts';
import { countsAsJson, textOf } from '../domain/json-body.ts';
import { isJsonPointer, pointedAt } from '../domain/json-pointer.ts';

export const PointerSelector = z.strictObject({
  pointer: z
    .string('must be a JSON pointer')
    .max(1_024, 'must be at most 1024 characters long')
    .refine(isJsonPointer, 'must be a JSON pointer (RFC 6901)'),
});

export const HeaderName = z
  .string('must be a header name')
  .max(128, 'must be at most 128 characters long')
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'must be a header name');

export const HeaderSelector = z.strictObject({ header: HeaderName });

/** Where in a request a value is found. */
export const Selector = z.union([HeaderSelector, PointerSelector], {
  error: 'must be {"header": <name>} or {"pointer": <JSON pointer>}',
});
export type Selector = z.infer<typeof Selector>;

const scalar = (value: unknown): string | null => {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

/** The text, number or boolean it finds, as text; null where there is none. */
export const select = (
  selector: Selector,
  { request, body }: Pick<DataOf<'EventArrived'>, 'request' | 'body'>,
): string | null => {
  if ('header' in selector) return scalar(request?.headers[selector.header.toLowerCase()]);
  const text = textOf(body);
  return countsAsJson(text) ? scalar(pointedAt(JSON.parse(text), selector.pointer)) : null;
};
