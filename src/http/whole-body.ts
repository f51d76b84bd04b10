import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { roomFor } from '../domain/terminated.ts';
import { letGo } from '../let-go.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** A long body, read into its place; what a parser is handed is empty then. */
    wholeBody: Buffer | undefined;
  }
}

/** So much more can be written around what came, in the same memory. */
const frameBytes = 16_384;

/** Below this, pieces that are put together cost nothing that anybody would notice. */
const long = 262_144;

/** Says how much was read, by which the framework knows that all of it came. */
class Emptied extends Readable {
  receivedEncodedLength = 0;
  override _read(): void {}
}

/** The parser copies each piece into memory of its own; what comes from elsewhere may share it. */
const isAlone = ({ byteLength, buffer }: Buffer): boolean => byteLength === buffer.byteLength;

/**
 * The framework collects pieces and copies them together, so that a body takes twice its length. One
 * that is long and says so is read into memory of its length.
 */
const readIntoPlace =
  (limit: number): preParsingHookHandler =>
  (request, _, payload, done) => {
    const { headers } = request.raw;
    const length = Number(headers['content-length'] ?? 0);
    if (!(length >= long && length <= limit)) {
      done(null, payload);
      return;
    }
    const room = roomFor(length, frameBytes);
    const emptied = new Emptied();
    payload.on('data', (chunk: Buffer) => {
      room.set(chunk, emptied.receivedEncodedLength);
      emptied.receivedEncodedLength += chunk.length;
      // Of a body that comes in one go nothing would be collected before the end of it.
      if (isAlone(chunk)) letGo(chunk);
    });
    payload.once('end', () => {
      request.wholeBody = room;
      emptied.push(null);
    });
    payload.once('error', (error) => emptied.destroy(error));
    done(null, emptied);
  };

export const readLongBodiesIntoPlace = (app: FastifyInstance, limit: number): void => {
  app.decorateRequest('wholeBody', undefined);
  app.addHook('preParsing', readIntoPlace(limit));
};

/** All the memory that a long body came into. */
export const roomOfBody = ({ wholeBody }: FastifyRequest): Buffer | undefined =>
  wholeBody && Buffer.from(wholeBody.buffer);

/** Nobody looks at what came any more. */
export const letGoOfBody = (request: FastifyRequest): void => {
  const { wholeBody } = request;
  request.wholeBody = undefined;
  if (wholeBody !== undefined) letGo(wholeBody);
};

/** What came, of what a parser is handed. */
export const wholeBodyOf = (request: FastifyRequest, bytes: Buffer): Buffer =>
  request.wholeBody ?? bytes;
