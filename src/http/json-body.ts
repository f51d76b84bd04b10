import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TriplineError } from '../domain/errors.ts';
import { invalidField } from '../domain/invalid.ts';
import type { JsonText } from '../domain/json.ts';
import { bytesBehindMark } from '../domain/json-body.ts';
import { codingsIn } from './content-encoding.ts';
import { excessOf, hasProtoKey, maxDepth, maxKeys } from './json-limits.ts';
import { wholeBodyOf } from './whole-body.ts';

/** A body beside what it says. */
export interface SentJson extends JsonText {
  /** Those of the text. */
  readonly bytes: Uint8Array;
}

const strict = new TextDecoder('utf-8', { fatal: true });

const parse = (bytes: Buffer): JsonText => {
  try {
    const text = strict.decode(bytes);
    return { value: JSON.parse(text), text };
  } catch {
    throw invalidField('body', 'is not valid JSON');
  }
};

/** Bounded JSON. Throws `validation-failed`. */
export const parseJson = (bytes: Buffer): JsonText => {
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
  app.addContentTypeParser<Buffer>(
    types,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, pieces: Buffer) => {
      const bytes = wholeBodyOf(request, pieces);
      return bytes.length === 0 ? undefined : read(bytes);
    },
  );
};

/** Management bodies: bounded JSON without `__proto__`; no body is no value. */
export const takeJson = (app: FastifyInstance): void =>
  takeBodies(app, (bytes) => {
    const { value } = parseJson(bytes);
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
export const takeJsonText = (app: FastifyInstance): void => {
  takeBodies(app, (bytes): SentJson => ({ ...parseJson(bytes), bytes: bytesBehindMark(bytes) }));
};
