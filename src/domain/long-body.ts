import { isUtf8 } from 'node:buffer';
import { base64Length, writeBase64 } from './base64.ts';
import { bytesBehindMark, isJsonText } from './json-body.ts';
import { passingBytes } from './passing-bytes.ts';
import { roomFor } from './terminated.ts';

/** As JSON, or in base64. */
type Form = 'json' | 'base64';

/**
 * A text with a body in it, once or several times, that is too long to be put together: it is made
 * piece by piece while it is sent. What crosses to another thread are the bytes of the body, once.
 */
export interface LongBody {
  /** One more than there are forms: what stands before, between and behind. */
  readonly texts: readonly string[];
  readonly forms: readonly Form[];
  /** In memory of their own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** JSON in UTF-8 goes in as it came, JSON that is none mended; what is no JSON is quoted. */
  readonly as: 'it-is' | 'mended' | 'quoted';
}

/** From here on a body is not put into its text as a whole. */
export const longFrom = 131_072;

/** No text of JSON has this character. */
const edge = '\0';

/** Stand in a text for the body in that form. */
export const standIns: Readonly<Record<Form, string>> = {
  json: `${edge}json${edge}`,
  base64: `${edge}base64${edge}`,
};

/** Divisible by three, so that pieces in base64 are pieces of the whole in base64. */
const pieceBytes = 49_152;

/** Quoted, each may become six; so none is longer than what passes. */
const textBytes = 8_190;

/** Where what is made of a slice lies: in memory of its own, or until the next one is asked for. */
type Room = (length: number) => Buffer;

function* slicesOf(bytes: Uint8Array, length = pieceBytes): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) {
    const slice = bytes.subarray(at, at + length);
    yield Buffer.from(slice.buffer, slice.byteOffset, slice.length);
  }
}

const wayOf = (bytes: Uint8Array): LongBody['as'] => {
  if (!isJsonText(bytes)) return 'quoted';
  return isUtf8(bytes) ? 'it-is' : 'mended';
};

const copyOf = (body: Uint8Array): Uint8Array => {
  const copy = roomFor(body.length);
  copy.set(body);
  return copy;
};

/** `isOurs`: nobody else looks at its bytes any more, and nothing else lies in their memory. */
export const longBodyOf = (text: string, body: Uint8Array, isOurs = false): LongBody => {
  const parts = text.split(edge);
  const bytes = isOurs ? body : copyOf(body);
  return {
    texts: parts.filter((_, at) => at % 2 === 0),
    forms: parts.filter((_, at) => at % 2 === 1) as Form[],
    bytes: bytes as Uint8Array<ArrayBuffer>,
    as: wayOf(bytesBehindMark(bytes)),
  };
};

function* decoded(
  bytes: Uint8Array,
  ending: (text: string) => string,
  room: Room,
): Generator<Buffer> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const written = (text: string): Buffer => {
    const made = room(Buffer.byteLength(text));
    made.write(text);
    return made;
  };
  for (const slice of slicesOf(bytes, textBytes)) {
    yield written(ending(decoder.decode(slice, { stream: true })));
  }
  yield written(ending(decoder.decode()));
}

const withinQuotes = (text: string): string => JSON.stringify(text).slice(1, -1);

function* asJson({ bytes, as }: LongBody, room: Room): Generator<Buffer> {
  if (as === 'it-is') yield* slicesOf(bytesBehindMark(bytes));
  else if (as === 'mended') yield* decoded(bytesBehindMark(bytes), (text) => text, room);
  else {
    yield Buffer.from('"');
    yield* decoded(bytes, withinQuotes, room);
    yield Buffer.from('"');
  }
}

function* inBase64({ bytes }: LongBody, room: Room): Generator<Buffer> {
  for (const slice of slicesOf(bytes)) {
    // Texts have what they were made into collected soon, which memory outside the heap has not.
    if (room !== passingBytes) yield Buffer.from(slice.toString('base64'), 'latin1');
    else {
      const made = room(base64Length(slice.length));
      writeBase64(slice, made);
      yield made;
    }
  }
}

function* pieces(body: LongBody, room: Room): Generator<Buffer> {
  for (const [at, text] of body.texts.entries()) {
    yield Buffer.from(text);
    const form = body.forms[at];
    if (form !== undefined) yield* form === 'json' ? asJson(body, room) : inBase64(body, room);
  }
}

/** In UTF-8, from its beginning to its end; none is longer than some hundred kilobytes. */
export const piecesOf = (body: LongBody): Generator<Buffer> => pieces(body, Buffer.allocUnsafe);

/** The same for whoever looks at each at once: the next one may lie in its place. */
export const passingPiecesOf = (body: LongBody): Generator<Buffer> => pieces(body, passingBytes);
