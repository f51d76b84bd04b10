import { type PatternTest, patternTest } from '../filters/jsonpath/pattern/pattern-test.ts';

const classes = new Map([
  ['d', '0-9'],
  ['w', 'A-Za-z0-9_'],
  ['s', ' \\t\\n\\r'],
]);
const complements = new Map([...classes].map(([name, set]) => [name.toUpperCase(), set]));
/** Characters that need no escape where patterns are I-Regexps, yet are escaped by habit. */
const needless = new Set('/"\'#@%&,:;<=>_~` !$');

const escapeOf = (letter: string, isInClass: boolean): string => {
  const set = classes.get(letter);
  if (set !== undefined) return isInClass ? set : `[${set}]`;
  const complement = complements.get(letter);
  if (complement !== undefined && !isInClass) return `[^${complement}]`;
  if (letter === '$') return '[$]';
  return needless.has(letter) ? letter : `\\${letter}`;
};

/** The classes and groups that ECMAScript writes in another way. */
const inTermsOfIRegexp = (pattern: string): string => {
  let isInClass = false;
  return pattern.replace(/\\(.)|\(\?:|\[|\]/gsu, (found, letter: string | undefined) => {
    if (letter !== undefined) return escapeOf(letter, isInClass);
    if (found === '(?:') return isInClass ? found : '(';
    isInClass = found === '[' || (isInClass && found !== ']');
    return found;
  });
};

/**
 * A pattern that takes time with the text times the pattern, whatever either is: what I-Regexp (RFC
 * 9485) can say, with `\d`, `\w`, `\s` and `(?:` besides. Undefined for anything else.
 */
export const linearPattern = (pattern: string): PatternTest | undefined =>
  patternTest(inTermsOfIRegexp(pattern), false);
