import { z } from 'zod';
import type { ArrivalRequest } from '../domain/facts/arrival-facts.ts';
import { HeaderName } from '../domain/header-name.ts';
import { jsonIn, textOf } from '../domain/json-body.ts';
import { isJsonPointer, pointedAt } from '../domain/json-pointer.ts';
import type { BodyAtHand } from '../domain/payload.ts';

export const PointerSelector = z.strictObject({
  pointer: z
    .string('must be a JSON pointer')
    .max(1_024, 'must be at most 1024 characters long')
    .refine(isJsonPointer, 'must be a JSON pointer (RFC 6901)'),
});

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

/** What values are found in; a body that was forgotten has none. */
export interface Selectable {
  readonly request: ArrivalRequest | null;
  readonly body: BodyAtHand | undefined;
}

/** The text, number or boolean it finds, as text; null where there is none. */
export const select = (selector: Selector, { request, body }: Selectable): string | null => {
  if ('header' in selector) return scalar(request?.headers[selector.header.toLowerCase()]);
  if (body === undefined) return null;
  const json = jsonIn(textOf(body));
  return json === undefined ? null : scalar(pointedAt(JSON.parse(json), selector.pointer));
};
