import { z } from 'zod';

/** The exact bytes of a body: as text where they are UTF-8, else in base64. Lossless both ways. */
export const Payload = z.object({
  encoding: z.enum(['utf8', 'base64']),
  content: z.string(),
});
export type Payload = z.infer<typeof Payload>;

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const payloadOf = (bytes: Uint8Array): Payload => {
  try {
    return { encoding: 'utf8', content: fatal.decode(bytes) };
  } catch {
    return { encoding: 'base64', content: Buffer.from(bytes).toString('base64') };
  }
};

export const bytesOf = (payload: Payload): Buffer =>
  Buffer.from(payload.content, payload.encoding === 'utf8' ? 'utf8' : 'base64');
