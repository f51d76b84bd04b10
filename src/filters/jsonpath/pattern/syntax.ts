import { characterClass, escaped, pointOf } from './character-class.ts';
import { type CharacterSet, notLineEnd, single } from './character-sets.ts';
import { NoPattern, PatternReader } from './pattern-reader.ts';

/** A regular expression of RFC 9485 as what it is made of. */
export type Pattern =
  | { readonly is: 'set'; readonly set: CharacterSet }
  | { readonly is: 'edge'; readonly edge: 'start' | 'end' }
  | { readonly is: 'sequence' | 'choice'; readonly parts: readonly Pattern[] }
  | {
      readonly is: 'repeat';
      readonly part: Pattern;
      readonly least: number;
      /** Undefined: as often as wanted. */
      readonly most: number | undefined;
    };

/** Of characters of an expression. */
const maxLength = 1_024;

/** What never stands for itself. */
const special = new Set('()*+.?[\\]{|}');

const ofSet = (set: CharacterSet): Pattern => ({ is: 'set', set });

const atom = (reader: PatternReader): Pattern => {
  const character = reader.next();
  if (character === '(') {
    const inner = reader.deeper(() => choice(reader));
    reader.expect(')');
    return inner;
  }
  if (character === '.') return ofSet(notLineEnd);
  if (character === '[') return ofSet(characterClass(reader));
  if (character === '\\') {
    const found = escaped(reader);
    return ofSet(typeof found === 'string' ? single(pointOf(found)) : found);
  }
  // RFC 9485 has these stand for themselves, the conformance tests of RFC 9535 for the edges of the text.
  if (character === '^') return { is: 'edge', edge: 'start' };
  if (character === '$') return { is: 'edge', edge: 'end' };
  if (special.has(character)) throw new NoPattern();
  return ofSet(single(pointOf(character)));
};

const repeat = (part: Pattern, least: number, most?: number): Pattern => ({
  is: 'repeat',
  part,
  least,
  most,
});

const piece = (reader: PatternReader): Pattern => {
  const part = atom(reader);
  if (reader.took('*')) return repeat(part, 0);
  if (reader.took('+')) return repeat(part, 1);
  if (reader.took('?')) return repeat(part, 0, 1);
  if (reader.peek() !== '{') return part;
  const [least, most] = reader.counts();
  if (most !== undefined && most < least) throw new NoPattern();
  return repeat(part, least, most);
};

const sequence = (reader: PatternReader): Pattern => {
  const parts: Pattern[] = [];
  while (!reader.isAtEnd && reader.peek() !== '|' && reader.peek() !== ')')
    parts.push(piece(reader));
  return { is: 'sequence', parts };
};

const choice = (reader: PatternReader): Pattern => {
  const parts = [sequence(reader)];
  while (reader.took('|')) parts.push(sequence(reader));
  return { is: 'choice', parts };
};

/** I-Regexp of RFC 9485. Throws `NoPattern` for what is none, or is too large. */
export const parsePattern = (text: string): Pattern => {
  if (text.length > maxLength) throw new NoPattern();
  const reader = new PatternReader(text);
  const pattern = choice(reader);
  if (!reader.isAtEnd) throw new NoPattern();
  return pattern;
};
