import type { Steps } from '../steps.ts';

/** How many characters may be looked through in a step. */
const charactersPerStep = 64;
/** Up to here the platform's search, which may take as many looks at each character, is quicker. */
const short = 8;

/** How much of the beginning of `sought` a text ends with, one character on. */
const grown = (sought: string, overlaps: Uint16Array, before: number, next: string): number => {
  let length = before;
  while (length > 0 && next !== sought[length]) length = overlaps[length - 1] ?? 0;
  return next === sought[length] ? length + 1 : length;
};

/** For each beginning of a text, how long its longest proper beginning is that also ends it. */
const overlapsOf = (text: string): Uint16Array => {
  const overlaps = new Uint16Array(text.length);
  for (let at = 1; at < text.length; at += 1)
    overlaps[at] = grown(text, overlaps, overlaps[at - 1] ?? 0, text.charAt(at));
  return overlaps;
};

/** Knuth, Morris and Pratt: looks at each character twice at most. */
const linearSearch = (sought: string): ((text: string, from: number) => number) => {
  const overlaps = overlapsOf(sought);
  return (text, from) => {
    let length = 0;
    for (let at = from; at < text.length; at += 1) {
      length = grown(sought, overlaps, length, text.charAt(at));
      if (length === sought.length) return at - length + 1;
    }
    return -1;
  };
};

export type Finder = (text: string, from: number, steps: Steps) => number;

/** Where a text stands within another, in time that grows with the other alone; -1: nowhere. */
export const finderOf = (sought: string): Finder => {
  const search =
    sought.length > short
      ? linearSearch(sought)
      : (text: string, from: number) => text.indexOf(sought, from);
  return (text, from, steps) => {
    const found = search(text, from);
    steps.take(Math.ceil(((found < 0 ? text.length : found) - from) / charactersPerStep));
    return found;
  };
};
