import { isJson } from './json-syntax.ts';
import { passingBytes } from './passing-bytes.ts';
import type { Payload } from './payload.ts';

/** Deeper JSON parses, but may overflow whoever serialises it later: it counts as text. */
export const maxBodyDepth = 32;

const quote = 0x22;
const backslash = 0x5c;

/** By UTF-16 unit below 128: how the depth changes. */
export const depthSteps = new Int8Array(128);
for (const opening of '{[') depthSteps[opening.charCodeAt(0)] = 1;
for (const closing of '}]') depthSteps[closing.charCodeAt(0)] = -1;

/** Where the string that begins at `start` has its closing quote. */
export const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) {
    at += text.charCodeAt(at) === backslash ? 2 : 1;
  }
  return at;
};

/** Whether a body is a JSON value rather than text. Its bytes decide, never its content type. */
export const countsAsJson = (text: string): boolean => {
  const length = Buffer.byteLength(text);
  const bytes = passingBytes(length + 1);
  bytes.write(text);
  bytes[length] = 0;
  return isJson(bytes, maxBodyDepth);
};

/** What a body says as text; bytes that are no UTF-8 become U+FFFD. */
export const textOf = ({ encoding, content }: Payload): string =>
  encoding === 'utf8' ? content : Buffer.from(content, 'base64').toString('utf8');

/**
 * The body as JSON text: as it came where it is JSON, so that numbers, key order and `__proto__`
 * survive, and else quoted. An empty body is the empty text.
 */
export const jsonOf = (payload: Payload): string => {
  const text = textOf(payload);
  return countsAsJson(text) ? text : JSON.stringify(text);
};
