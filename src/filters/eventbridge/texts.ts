import type { Json } from '../../domain/json.ts';
import { below, invalidAt, isObject } from '../definition.ts';
import type { Steps } from '../steps.ts';
import { type DemandReader, ofText, shown, textAt } from './demand.ts';
import { wildcardTest } from './wildcard.ts';

export type TextTest = (seen: string, steps: Steps) => boolean;

/** Lower case may be longer than what it is of, never more than three times. */
const growth = 3;

const folded = (text: string): string => text.toLowerCase();

export const sameButForCase = (text: string): TextTest => {
  const own = folded(text);
  return (seen) => seen.length <= growth * own.length && folded(seen) === own;
};

/** As many characters of `seen` as could be `own` in another case, and no more: it may be long. */
const startsButForCase = (text: string): TextTest => {
  const own = folded(text);
  return (seen) => folded(seen.slice(0, own.length)).startsWith(own);
};

const endsButForCase = (text: string): TextTest => {
  const own = folded(text);
  return (seen) => own === '' || folded(seen.slice(-own.length)).endsWith(own);
};

const ignoring = 'equals-ignore-case';

/** `prefix` and `suffix`: a string, or one whose case does not count. */
const edge =
  (
    says: string,
    exact: (text: string) => TextTest,
    butForCase: (text: string) => TextTest,
  ): DemandReader =>
  (argument, pointer) => {
    if (!isObject(argument)) {
      const text = textAt(argument, pointer);
      return ofText(`a string that ${says} ${shown(text)}`, exact(text));
    }
    const [name, more] = Object.keys(argument);
    if (name !== ignoring || more !== undefined)
      throw invalidAt(pointer, `must be a string or an object with ${ignoring} alone`);
    const text = textAt(argument[ignoring], below(pointer, ignoring));
    return ofText(`a string that ${says} ${shown(text)} but for case`, butForCase(text));
  };

export const startsWith =
  (text: string): TextTest =>
  (seen) =>
    seen.startsWith(text);
export const endsWith =
  (text: string): TextTest =>
  (seen) =>
    seen.endsWith(text);

export const prefix = edge('starts with', startsWith, startsButForCase);
export const suffix = edge('ends with', endsWith, endsButForCase);

export const equalsIgnoreCase: DemandReader = (argument, pointer) => {
  const text = textAt(argument, pointer);
  return ofText(`${shown(text)} but for case`, sameButForCase(text));
};

export const wildcard: DemandReader = (argument, pointer) => {
  const pattern = textAt(argument, pointer);
  return ofText(`a string like ${shown(pattern)}`, wildcardTest(pattern, pointer));
};

/** The very string, also where it would be read in another way elsewhere. */
export const exactly: DemandReader = (argument, pointer) => {
  const text = textAt(argument, pointer);
  return ofText(shown(text), (seen) => seen === text);
};

/** A value itself: numbers compare as numbers, and nothing equals what is of another type. */
export const literal = (value: Json): ReturnType<DemandReader> => ({
  expected: shown(value),
  test: (seen) => seen === value,
});
