import type { TextReader } from './text-reader.ts';

const plain = /[^\p{Cc}\\'"]|[\u007f-\u009f]/uy;
const hexadecimal = /[0-9A-Fa-f]{4}/y;
const integerForm = /-?\d+/y;
const canonical = /^(?:0|-?[1-9]\d*)$/;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

const escapes: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['/', '/'],
  ['\\', '\\'],
]);

const codeUnit = (reader: TextReader): number => {
  const digits = reader.find(hexadecimal) ?? reader.refuse('must have four hexadecimal digits');
  return Number.parseInt(digits, 16);
};

/** One character, of which a half must have its other. */
const unicode = (reader: TextReader): string => {
  const { at } = reader;
  const first = codeUnit(reader);
  if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
  const second = first < 0xdc00 && reader.took('\\u') ? codeUnit(reader) : 0;
  if (second < 0xdc00 || second > 0xdfff) reader.refuse('must not have half a character', at);
  return String.fromCharCode(first, second);
};

const escaped = (reader: TextReader, quote: string): string => {
  const { at } = reader;
  const letter = reader.next();
  if (letter === quote) return quote;
  if (letter === 'u') return unicode(reader);
  return escapes.get(letter) ?? reader.refuse(`must not have \\${letter}`, at - 1);
};

const isQuote = (character: string): boolean => character === "'" || character === '"';

/** A string in either kind of quotes; undefined where none begins. */
export const readString = (reader: TextReader): string | undefined => {
  const quote = reader.peek();
  if (!isQuote(quote)) return undefined;
  const start = reader.at;
  reader.next();
  let text = '';
  while (!reader.took(quote)) {
    if (reader.isAtEnd) reader.refuse('must have an end of its string', start);
    if (reader.took('\\')) text += escaped(reader, quote);
    else if (isQuote(reader.peek())) text += reader.next();
    else text += reader.find(plain) ?? reader.refuse('must not have a control character');
  }
  return text;
};

/** An integer as indices are written; undefined where none begins. */
export const readInteger = (reader: TextReader): number | undefined => {
  const { at } = reader;
  const text = reader.find(integerForm);
  if (text === undefined) return undefined;
  if (!canonical.test(text)) reader.refuse('must have an integer without leading zeros', at);
  const integer = Number(text);
  if (!Number.isSafeInteger(integer)) reader.refuse('must have a smaller integer', at);
  return integer;
};

/** A number as JSON writes it; undefined where none begins. */
export const readNumber = (reader: TextReader): number | undefined => {
  const text = reader.find(numberForm);
  return text === undefined ? undefined : Number(text);
};
