import type { Payload } from './payload.ts';

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const payloadOf = (bytes: Uint8Array): Payload => {
  try {
    return { encoding: 'utf8', content: fatal.decode(bytes) };
  } catch {
    return { encoding: 'base64', content: Buffer.from(bytes).toString('base64') };
  }
};
