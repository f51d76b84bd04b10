import { hash } from 'node:crypto';
import { jsonIn } from '../domain/json-body.ts';
import { pointedAt } from '../domain/json-pointer.ts';

/** How a trigger tells which deliveries are the same one. */
export type Deduplication =
  | { readonly header: string }
  | { readonly pointer: string }
  | { readonly body: true };

const scalar = (value: unknown): string | null => {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

const inBody = (rawBody: Buffer, pointer: string): unknown => {
  const json = jsonIn(rawBody.toString('utf8'));
  return json === undefined ? undefined : pointedAt(JSON.parse(json), pointer);
};

/** The sender's own id of this delivery; null: it gave none, so nothing is deduplicated. */
export const deliveryIdOf = (
  rule: Deduplication,
  headers: Readonly<Record<string, unknown>>,
  rawBody: Buffer,
): string | null => {
  if ('body' in rule) return hash('sha256', rawBody, 'hex');
  return scalar(
    'header' in rule ? headers[rule.header.toLowerCase()] : inBody(rawBody, rule.pointer),
  );
};
