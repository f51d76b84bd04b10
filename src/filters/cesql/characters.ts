import type { Steps } from '../steps.ts';

const charactersPerStep = 16;
const surrogate = /[\ud800-\udfff]/;
const whiteSpace = /^\p{White_Space}$/u;

/** What a pass over a text costs. */
export const passOver = (text: string, steps: Steps): void =>
  steps.take(Math.ceil(text.length / charactersPerStep));

/** A text by its code points, as many as there are and each of them by its place. */
export const charactersOf = (text: string, steps: Steps): ArrayLike<string> => {
  passOver(text, steps);
  if (!surrogate.test(text)) return text;
  steps.take(text.length);
  return [...text];
};

export const sliceOf = (characters: ArrayLike<string>, start: number, end: number): string =>
  typeof characters === 'string'
    ? characters.slice(start, end)
    : Array.prototype.slice.call(characters, start, end).join('');

/** What Unicode calls white space, which is not what the platform trims. */
export const trimmed = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && whiteSpace.test(text.charAt(start))) start += 1;
  while (end > start && whiteSpace.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};
