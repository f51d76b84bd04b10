import type { FastifyRequest } from 'fastify';
import { invalidField } from '../domain/invalid.ts';

/** A structured-field string, or a bare word as most clients send it. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"$/;
const bare = /^[\x21\x23-\x7e]{1,255}$/;

const textOf = (header: string): string | undefined =>
  bare.test(header) ? header : quoted.exec(header)?.[1]?.replace(/\\(.)/g, '$1');

/** Undefined where there is none. Refuses what is no key. */
export const idempotencyKeyOf = ({
  headers,
}: Pick<FastifyRequest, 'headers'>): string | undefined => {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = typeof header === 'string' ? textOf(header.trim()) : undefined;
  if (key === undefined)
    throw invalidField('Idempotency-Key', 'must be one printable text of at most 255 characters');
  return key;
};
