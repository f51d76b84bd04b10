import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { roomFor } from '../domain/terminated.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** A long body, read into its place; what a parser is handed is empty then. */
    wholeBody: Buffer | undefined;
  }
}

/** Below this, pieces that are put together cost nothing that anybody would notice. */
const long = 262_144;

/** Says how much was read, by which the framework knows that all of it came. */
class Emptied extends Readable {
  receivedEncodedLength = 0;
  override _read(): void {}
}

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
    const room = roomFor(length);
    const emptied = new Emptied();
    payload.on('data', (chunk: Buffer) => {
      room.set(chunk, emptied.receivedEncodedLength);
      emptied.receivedEncodedLength += chunk.length;
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

/** What came, of what a parser is handed. */
export const wholeBodyOf = (request: FastifyRequest, bytes: Buffer): Buffer =>
  request.wholeBody ?? bytes;
