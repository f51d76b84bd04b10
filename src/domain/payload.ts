import { z } from 'zod';
import { passingBytes } from './passing-bytes.ts';

/** The exact bytes of a body: as text where they are UTF-8, else in base64. Lossless both ways. */
export const Payload = z.object({
  encoding: z.enum(['utf8', 'base64']),
  content: z.string(),
});
export type Payload = z.infer<typeof Payload>;

/** A body whose bytes are at hand. */
export type BodyAtHand = Payload | Uint8Array;

export const isEmpty = (body: BodyAtHand): boolean =>
  body instanceof Uint8Array ? body.length === 0 : body.content === '';

export const bytesOf = (payload: Payload): Buffer => Buffer.from(payload.content, payload.encoding);

export const base64Of = (body: BodyAtHand): string => {
  if (body instanceof Uint8Array) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
  }
  const { encoding, content } = body;
  if (encoding === 'base64') return content;
  const bytes = passingBytes(Buffer.byteLength(content));
  bytes.write(content);
  return bytes.toString('base64');
};
