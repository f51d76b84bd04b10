/**
 * The grammar of RFC 8259, rule by rule over UTF-8 bytes. A rule takes the place where it begins and
 * gives the place behind what it covers, or `nowhere`, which is before the first byte: there, too,
 * every rule finds nothing. The bytes must end with a zero, which no rule covers: that is where each
 * of them stops at the latest.
 */
const nowhere = -1;

const members = (characters: string): Uint8Array => {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
};

const blank = members(' \t\n\r');
const digit = members('0123456789');
const hexDigit = members('0123456789abcdefABCDEF');
const escaped = members('"\\/bfnrt');
/** What stands for itself within a string. */
const plain = new Uint8Array(256).fill(1, 0x20);
for (const special of '"\\') plain[special.charCodeAt(0)] = 0;

const code = (character: string): number => character.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const comma = code(',');
const colon = code(':');
const minus = code('-');
const plus = code('+');
const point = code('.');
const zero = code('0');
const openBrace = code('{');
const closeBrace = code('}');
const openBracket = code('[');
const closeBracket = code(']');

const words = new Map(['true', 'false', 'null'].map((word) => [code(word), Buffer.from(word)]));

const behind = (bytes: Uint8Array, start: number, table: Uint8Array): number => {
  let at = start;
  while (table[bytes[at] ?? 0] === 1) at += 1;
  return at;
};

const blanks = (bytes: Uint8Array, start: number): number => behind(bytes, start, blank);

const digits = (bytes: Uint8Array, start: number): number => {
  const end = behind(bytes, start, digit);
  return end === start ? nowhere : end;
};

const escapeSequence = (bytes: Uint8Array, start: number): number => {
  const kind = bytes[start + 1] ?? 0;
  if (escaped[kind] === 1) return start + 2;
  if (kind !== code('u')) return nowhere;
  for (let at = start + 2; at < start + 6; at += 1) {
    if (hexDigit[bytes[at] ?? 0] !== 1) return nowhere;
  }
  return start + 6;
};

const string = (bytes: Uint8Array, start: number): number => {
  let at = behind(bytes, start + 1, plain);
  while (bytes[at] === backslash) {
    at = behind(bytes, escapeSequence(bytes, at), plain);
  }
  return bytes[at] === quote ? at + 1 : nowhere;
};

const exponent = (bytes: Uint8Array, start: number): number => {
  const sign = bytes[start + 1];
  return digits(bytes, sign === plus || sign === minus ? start + 2 : start + 1);
};

const number = (bytes: Uint8Array, start: number): number => {
  const first = bytes[start] === minus ? start + 1 : start;
  let at = bytes[first] === zero ? first + 1 : digits(bytes, first);
  if (bytes[at] === point) at = digits(bytes, at + 1);
  const mark = bytes[at];
  return mark === code('e') || mark === code('E') ? exponent(bytes, at) : at;
};

const word = (bytes: Uint8Array, start: number): number => {
  const letters = words.get(bytes[start] ?? 0);
  if (letters === undefined) return nowhere;
  for (let at = 1; at < letters.length; at += 1) {
    if (bytes[start + at] !== letters[at]) return nowhere;
  }
  return start + letters.length;
};

/** Where the value of a member begins whose name begins at `start`. */
const behindName = (bytes: Uint8Array, start: number): number => {
  if (bytes[start] !== quote) return nowhere;
  const at = blanks(bytes, string(bytes, start));
  return bytes[at] === colon ? blanks(bytes, at + 1) : nowhere;
};

const member = (bytes: Uint8Array, start: number, depth: number): number =>
  value(bytes, behindName(bytes, start), depth);

const list = (
  bytes: Uint8Array,
  start: number,
  depth: number,
  close: number,
  entry: typeof value,
): number => {
  if (depth === 0) return nowhere;
  let at = blanks(bytes, start + 1);
  if (bytes[at] === close) return at + 1;
  for (;;) {
    at = blanks(bytes, entry(bytes, at, depth - 1));
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== comma) return nowhere;
    at = blanks(bytes, at + 1);
  }
};

const scalar = (bytes: Uint8Array, start: number): number => {
  const first = bytes[start] ?? 0;
  if (first === quote) return string(bytes, start);
  return first === minus || digit[first] === 1 ? number(bytes, start) : word(bytes, start);
};

/** `depth`: how many lists it may have within one another. */
const value = (bytes: Uint8Array, start: number, depth: number): number => {
  const first = bytes[start] ?? 0;
  if (first === openBrace) return list(bytes, start, depth, closeBrace, member);
  if (first === openBracket) return list(bytes, start, depth, closeBracket, value);
  return scalar(bytes, start);
};

/**
 * Whether `bytes`, but for the zero at their end, are one JSON value with at most `depth` objects
 * and arrays within one another. Builds nothing: reading a usual body into values, only to see
 * whether that works, takes three times as long and leaves them to be collected.
 */
export const isJson = (bytes: Uint8Array, depth: number): boolean => {
  const end = value(bytes, blanks(bytes, 0), depth);
  return blanks(bytes, end) === bytes.length - 1;
};

/** Where the next entry of a list begins that ends with `close`. */
const entry = (bytes: Uint8Array, start: number, close: number): number => {
  const at = blanks(bytes, start);
  return close === closeBrace ? behindName(bytes, at) : at;
};

const closerOf = (opener: number | undefined): number => {
  if (opener === openBrace) return closeBrace;
  return opener === openBracket ? closeBracket : nowhere;
};

/** Behind the first value that is no list, or up to the end of one that is empty; the lists are open. */
const behindFirst = (bytes: Uint8Array, start: number, open: number[]): number => {
  let at = start;
  for (;;) {
    const close = closerOf(bytes[at]);
    if (close === nowhere) return blanks(bytes, scalar(bytes, at));
    open.push(close);
    at = blanks(bytes, at + 1);
    if (bytes[at] === close) return at;
    at = entry(bytes, at, close);
  }
};

/** Behind every list that ends here. */
const behindEnds = (bytes: Uint8Array, start: number, open: number[]): number => {
  let at = start;
  while (open.length > 0 && bytes[at] === open[open.length - 1]) {
    open.pop();
    at = blanks(bytes, at + 1);
  }
  return at;
};

/**
 * How many objects and arrays `bytes`, but for the zero at their end, have within one another; -1
 * where they are not one JSON value. What is open stands in a list of its own, so that no nesting is
 * too deep for it, for which it takes twice as long as `isJson`.
 */
export const jsonDepth = (bytes: Uint8Array): number => {
  const open: number[] = [];
  let deepest = 0;
  let at = blanks(bytes, 0);
  for (;;) {
    at = behindFirst(bytes, at, open);
    if (open.length > deepest) deepest = open.length;
    at = behindEnds(bytes, at, open);
    const close = open[open.length - 1];
    if (close === undefined) return at === bytes.length - 1 ? deepest : nowhere;
    if (bytes[at] !== comma) return nowhere;
    at = entry(bytes, at + 1, close);
  }
};
