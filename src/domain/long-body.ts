import { bytesBehindMark, isJsonText } from './json-body.ts';
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

function* slicesOf(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const slice = bytes.subarray(at, at + pieceBytes);
    yield Buffer.from(slice.buffer, slice.byteOffset, slice.length);
  }
}

/** Looked at slice by slice: as a text it would be there once more. */
const isUtf8 = (bytes: Uint8Array): boolean => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (const slice of slicesOf(bytes)) decoder.decode(slice, { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
};

const wayOf = (bytes: Uint8Array): LongBody['as'] => {
  if (!isJsonText(bytes)) return 'quoted';
  return isUtf8(bytes) ? 'it-is' : 'mended';
};

export const longBodyOf = (text: string, body: Uint8Array): LongBody => {
  const parts = text.split(edge);
  const copy = roomFor(body.length);
  copy.set(body);
  return {
    texts: parts.filter((_, at) => at % 2 === 0),
    forms: parts.filter((_, at) => at % 2 === 1) as Form[],
    bytes: copy as Uint8Array<ArrayBuffer>,
    as: wayOf(bytesBehindMark(copy)),
  };
};

function* decoded(bytes: Uint8Array, ending: (text: string) => string): Generator<Buffer> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (const slice of slicesOf(bytes)) {
    yield Buffer.from(ending(decoder.decode(slice, { stream: true })));
  }
  yield Buffer.from(ending(decoder.decode()));
}

const withinQuotes = (text: string): string => JSON.stringify(text).slice(1, -1);

function* asJson({ bytes, as }: LongBody): Generator<Buffer> {
  if (as === 'it-is') yield* slicesOf(bytesBehindMark(bytes));
  else if (as === 'mended') yield* decoded(bytesBehindMark(bytes), (text) => text);
  else {
    yield Buffer.from('"');
    yield* decoded(bytes, withinQuotes);
    yield Buffer.from('"');
  }
}

function* inBase64({ bytes }: LongBody): Generator<Buffer> {
  for (const slice of slicesOf(bytes)) yield Buffer.from(slice.toString('base64'), 'latin1');
}

/** In UTF-8, from its beginning to its end; none is longer than some hundred kilobytes. */
export function* piecesOf(body: LongBody): Generator<Buffer> {
  for (const [at, text] of body.texts.entries()) {
    yield Buffer.from(text);
    const form = body.forms[at];
    if (form !== undefined) yield* form === 'json' ? asJson(body) : inBase64(body);
  }
}
