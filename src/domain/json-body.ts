import { isJson, jsonDepth } from './json-syntax.ts';
import { passingBytes } from './passing-bytes.ts';
import type { BodyAtHand } from './payload.ts';
import { terminated } from './terminated.ts';

/**
 * Deeper JSON parses, slowly, but may overflow whoever serialises it later. No sender's does; where
 * one comes it is refused, as it would be neither JSON nor honestly text.
 */
export const maxBodyDepth = 512;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;

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

/** As bytes that end with a zero; good until the next text. */
const written = (text: string): Uint8Array => {
  const length = Buffer.byteLength(text);
  const bytes = passingBytes(length + 1);
  bytes.write(text);
  bytes[length] = 0;
  return bytes;
};

/** Some senders begin with a byte order mark, which no JSON has: it says how to read, not what. */
const withoutMark = (text: string): string =>
  text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;

/** A body's JSON text; undefined where it is no JSON. Its bytes decide, never its content type. */
export const jsonIn = (text: string): string | undefined => {
  const bare = withoutMark(text);
  return isJson(written(bare), maxBodyDepth) ? bare : undefined;
};

const mark = Buffer.from('\ufeff');

/** The bytes behind a byte order mark, which says how to read and not what. */
export const bytesBehindMark = (bytes: Uint8Array): Uint8Array =>
  mark.every((byte, at) => bytes[at] === byte) ? bytes.subarray(mark.length) : bytes;

const occurrences = (body: Buffer, byte: number, most: number): number => {
  let count = 0;
  let at = body.indexOf(byte);
  while (at >= 0 && count <= most) {
    count += 1;
    at = body.indexOf(byte, at + 1);
  }
  return count;
};

/** Whether there are brackets enough, which is quickly told. */
const mayBeTooDeep = (body: Buffer): boolean => {
  if (body.length <= 2 * maxBodyDepth) return false;
  const braces = occurrences(body, openBrace, maxBodyDepth);
  return braces + occurrences(body, openBracket, maxBodyDepth - braces) > maxBodyDepth;
};

/** Whether a body is JSON that nests deeper than what counts as JSON here. */
export const isTooDeep = (body: Buffer): boolean => {
  if (!mayBeTooDeep(body)) return false;
  const bytes = terminated(bytesBehindMark(body));
  return !isJson(bytes, maxBodyDepth) && jsonDepth(bytes) > maxBodyDepth;
};

/** Whether these bytes are a body's JSON text; what is no UTF-8 in them is none of JSON's marks either. */
export const isJsonText = (bytes: Uint8Array): boolean => isJson(terminated(bytes), maxBodyDepth);

/** What a body says as text; bytes that are no UTF-8 become U+FFFD. */
export const textOf = (body: BodyAtHand): string => {
  if (body instanceof Uint8Array) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  }
  const { encoding, content } = body;
  return encoding === 'utf8' ? content : Buffer.from(content, 'base64').toString();
};

/**
 * The body as JSON text: as it came where it is JSON, so that numbers, key order and `__proto__`
 * survive, and else quoted. An empty body is the empty text.
 */
export const jsonOf = (body: BodyAtHand): string => {
  const text = textOf(body);
  return jsonIn(text) ?? JSON.stringify(text);
};
