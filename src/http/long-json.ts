import type { JsonText } from '../domain/json.ts';
import { longestMember, type Stretch } from '../domain/long-member.ts';

/** Stands in a text for a value that is too long to be in it; no text of JSON has this character. */
export const standIn = '\0';

export interface LongJson extends JsonText {
  /** The value that was left out of the text. */
  readonly leftOut: Stretch | undefined;
}

/** From here on a value is not put into a text. */
const longFrom = 65_536;

/** Of the same type, and too long wherever a text may not be as long as it likes. */
const samples: ReadonlyMap<number, string> = new Map(
  [
    ['"', JSON.stringify('x'.repeat(2_048))],
    ['{', '{}'],
    ['[', '[]'],
  ].map(([first = '', sample = '']) => [first.charCodeAt(0), sample]),
);

const wholeText = (bytes: Buffer): LongJson => {
  const text = bytes.toString();
  return { value: JSON.parse(text), text, leftOut: undefined };
};

/**
 * What long JSON says, but for the longest member of it: of that only the type is right. The bytes
 * must be valid JSON without a byte order mark. Takes no memory for what is left out.
 */
export const readLongJson = (bytes: Buffer): LongJson => {
  const leftOut = longestMember(bytes);
  if (leftOut === undefined || leftOut.end - leftOut.from < longFrom) return wholeText(bytes);
  const before = bytes.toString('utf8', 0, leftOut.from);
  const behind = bytes.toString('utf8', leftOut.end);
  const sample = samples.get(bytes[leftOut.from] ?? 0) ?? '0';
  const value = JSON.parse(`${before}${sample}${behind}`);
  return { value, text: `${before}${standIn}${behind}`, leftOut };
};
