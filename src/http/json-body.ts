import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TriplineError } from '../domain/errors.ts';
import { invalidField } from '../domain/invalid.ts';
import type { JsonText } from '../domain/json.ts';
import { bytesBehindMark, isJsonText } from '../domain/json-body.ts';
import { codingsIn } from './content-encoding.ts';
import { excessOf, hasProtoKey, maxDepth, maxKeys } from './json-limits.ts';
import { type LongJson, readLongJson } from './long-json.ts';
import { wholeBodyOf } from './whole-body.ts';

/** A body beside what it says. */
export interface SentJson extends LongJson {
  /** Those of the text and of what was left out of it. */
  readonly bytes: Buffer;
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

const refuseExcess = (bytes: Buffer): void => {
  const excess = excessOf(bytes);
  if (excess === 'too-deep') throw invalidField('body', `is nested deeper than ${maxDepth}`);
  if (excess) throw invalidField('body', `has more than ${maxKeys} keys`);
};

/** Bounded JSON. Throws `validation-failed`. */
export const parseJson = (bytes: Buffer): JsonText => {
  refuseExcess(bytes);
  return parse(bytes);
};

/** From here on nothing is built only to see whether it can be. */
const longFrom = 262_144;

const behindMark = (bytes: Buffer): Buffer => {
  const { buffer, byteOffset, length } = bytesBehindMark(bytes);
  return Buffer.from(buffer, byteOffset, length);
};

/** The same without what it says; gives the bytes that count. */
const mustBeJson = (bytes: Buffer): Buffer => {
  refuseExcess(bytes);
  const counting = behindMark(bytes);
  if (!isUtf8(bytes) || !isJsonText(counting)) throw invalidField('body', 'is not valid JSON');
  return counting;
};

const readSent = (bytes: Buffer): SentJson => {
  if (bytes.length < longFrom)
    return { ...parseJson(bytes), leftOut: undefined, bytes: behindMark(bytes) };
  const counting = mustBeJson(bytes);
  return { ...readLongJson(counting), bytes: counting };
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
    if (bytes.length < longFrom) parseJson(bytes);
    else mustBeJson(bytes);
    return bytes;
  });

/** Publications: bounded JSON; what goes on to functions is cut from the text and not written anew. */
export const takeJsonText = (app: FastifyInstance): void => takeBodies(app, readSent);
