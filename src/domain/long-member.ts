const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;

/** By byte: how the depth changes. */
const steps = new Int8Array(256);
for (const opening of '{[') steps[opening.charCodeAt(0)] = 1;
for (const closing of '}]') steps[closing.charCodeAt(0)] = -1;

const blanks = new Set([...' \t\n\r'].map((blank) => blank.charCodeAt(0)));

export interface Stretch {
  readonly from: number;
  /** Excluded. */
  readonly end: number;
}

const trimmed = (bytes: Uint8Array, { from, end }: Stretch): Stretch => {
  let [first, last] = [from, end];
  while (first < last && blanks.has(bytes[first] ?? 0)) first += 1;
  while (last > first && blanks.has(bytes[last - 1] ?? 0)) last -= 1;
  return { from: first, end: last };
};

const closingQuote = (bytes: Uint8Array, start: number): number => {
  let at = start + 1;
  while (bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
};

const longer = (one: Stretch | undefined, other: Stretch): Stretch =>
  one !== undefined && one.end - one.from >= other.end - other.from ? one : other;

/** Where the value of the longest member of an object stands. The bytes must be valid JSON. */
export const longestMember = (bytes: Uint8Array): Stretch | undefined => {
  let longest: Stretch | undefined;
  let depth = 0;
  let from = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = closingQuote(bytes, at);
    const step = steps[byte] ?? 0;
    if (depth === 1 && from >= 0 && (byte === comma || step < 0)) {
      longest = longer(longest, trimmed(bytes, { from, end: at }));
      from = -1;
    }
    depth += step;
    if (depth === 1 && byte === colon) from = at + 1;
  }
  return longest;
};
