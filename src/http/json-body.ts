import type { FastifyInstance, FastifyReply } from 'fastify';
import { TriplineError } from '../domain/errors.ts';
import { invalidField } from '../domain/invalid.ts';
import type { JsonText } from '../domain/json.ts';
import { codingsIn } from './content-encoding.ts';
import { excessOf, hasProtoKey, maxDepth, maxKeys } from './json-limits.ts';

const strict = new TextDecoder('utf-8', { fatal: true });

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(strict.decode(bytes));
  } catch {
    throw invalidField('body', 'is not valid JSON');
  }
};

/** Bounded JSON as a value. Throws `validation-failed`. */
export const parseJson = (bytes: Buffer): unknown => {
  const excess = excessOf(bytes);
  if (excess === 'too-deep') throw invalidField('body', `is nested deeper than ${maxDepth}`);
  if (excess) throw invalidField('body', `has more than ${maxKeys} keys`);
  return parse(bytes);
};

const refuseCompressed = (encoding: string | undefined, reply: FastifyReply): void => {
  if (codingsIn(encoding).length === 0) return;
  reply.header('accept-encoding', 'identity');
  throw new TriplineError('unsupported-media-type', 'compressed bodies are not taken here');
};

const takeBodies = (app: FastifyInstance, read: (bytes: Buffer) => unknown): void => {
  app.removeAllContentTypeParsers();
  app.addHook('preParsing', async (request, reply) => {
    refuseCompressed(request.headers['content-encoding'], reply);
  });
  const types = /^application\/(json|[\w.+-]+\+json)(;|$)/i;
  app.addContentTypeParser(types, { parseAs: 'buffer' }, async (_: unknown, bytes: Buffer) =>
    bytes.length === 0 ? undefined : read(bytes),
  );
};

/** Management bodies: bounded JSON without `__proto__`; no body is no value. */
export const takeJson = (app: FastifyInstance): void =>
  takeBodies(app, (bytes) => {
    const value = parseJson(bytes);
    if (hasProtoKey(value)) throw invalidField('body', 'must not have a key __proto__');
    return value;
  });

/** Payloads: checked like JSON, but handed on as the bytes they are. */
export const takePayload = (app: FastifyInstance): void =>
  takeBodies(app, (bytes) => {
    parseJson(bytes);
    return bytes;
  });

/** Publications: bounded JSON; what goes on to functions is cut from the text and not written anew. */
export const takeJsonText = (app: FastifyInstance): void =>
  takeBodies(app, (bytes): JsonText => ({ value: parseJson(bytes), text: strict.decode(bytes) }));
