import type { Steps } from '../steps.ts';
import { charactersOf } from './characters.ts';

export type LikeTest = (text: string, steps: Steps) => boolean;

const any = Symbol('any character');
const many = Symbol('any characters');
type Part = string | typeof any | typeof many;

const partOf = (character: string): Part => {
  if (character === '%') return many;
  return character === '_' ? any : character;
};

/** A backslash before `%` or `_` makes it stand for itself, and before anything else stands for itself. */
const partsOf = (pattern: string): readonly Part[] =>
  [...pattern.matchAll(/\\[%_]|[\s\S]/gu)].map(([found]) =>
    found.length === 2 && found.startsWith('\\') ? found.slice(1) : partOf(found),
  );

/** One text on its way through a pattern. */
interface Way {
  /** How many characters of the text, and parts of the pattern, lie behind. */
  at: number;
  part: number;
  /** Where the last `%` stands, or -1, and up to where the text belongs to it. */
  star: number;
  resume: number;
}

/** False where nothing is left to try: no earlier `%` has to be tried again. */
const advance = (way: Way, expected: Part | undefined, character: string | undefined): boolean => {
  if (expected === many) {
    way.star = way.part;
    way.part += 1;
    way.resume = way.at;
    return true;
  }
  if (expected === any || expected === character) {
    way.at += 1;
    way.part += 1;
    return true;
  }
  way.resume += 1;
  way.at = way.resume;
  way.part = way.star + 1;
  return way.star >= 0;
};

export const likeTest = (pattern: string): LikeTest => {
  const parts = partsOf(pattern);
  return (text, steps) => {
    const characters = charactersOf(text, steps);
    const way: Way = { at: 0, part: 0, star: -1, resume: 0 };
    while (way.at < characters.length) {
      steps.take(1);
      if (!advance(way, parts[way.part], characters[way.at])) return false;
    }
    return parts.slice(way.part).every((left) => left === many);
  };
};
