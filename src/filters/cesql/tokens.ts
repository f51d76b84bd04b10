import { invalidText } from '../definition.ts';

export type TokenKind = 'word' | 'integer' | 'string' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Words in capitals; of strings what they say. */
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
  /** Behind its last character. */
  readonly end: number;
}

/** Tried in their order at one place; each looks at a character once. */
const forms: readonly (readonly [TokenKind, RegExp])[] = [
  ['integer', /\d+(?![A-Za-z0-9_])/y],
  ['word', /[A-Za-z0-9][A-Za-z0-9_]*/y],
  ['string', /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y],
  ['symbol', /<>|!=|<=|>=|[-+*/%=<>(),]/y],
];
const blank = /[ \t\r\n]*/y;

/** A backslash stands for itself but before the quotes that the string is written in. */
const unquoted = (text: string): string => {
  const quote = text.charAt(0);
  const escaped = `\\${quote}`;
  return text.slice(1, -1).replace(/\\[\s\S]/g, (pair) => (pair === escaped ? quote : pair));
};

const textOf = (kind: TokenKind, text: string): string => {
  if (kind === 'word') return text.toUpperCase();
  return kind === 'string' ? unquoted(text) : text;
};

const tokenAt = (text: string, at: number): Token => {
  for (const [kind, form] of forms) {
    form.lastIndex = at;
    const [found] = form.exec(text) ?? [];
    if (found !== undefined) return { kind, text: textOf(kind, found), at, end: at + found.length };
  }
  const character = text.charAt(at);
  if (character === "'" || character === '"') throw invalidText(at, 'has a string without an end');
  throw invalidText(at, `has ${JSON.stringify(character)}, which means nothing,`);
};

/** Of one expression: what is evaluated within one another must not be too much for the stack. */
export const maxTokens = 1_000;

/** Throws `validation-failed` for what is no token; the last one is the end. */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    blank.lastIndex = at;
    blank.exec(text);
    at = blank.lastIndex;
    if (at >= text.length) return [...tokens, { kind: 'end', text: '', at, end: at }];
    if (tokens.length === maxTokens)
      throw invalidText(
        at,
        `must have no more than ${maxTokens} words and symbols: there is one more`,
      );
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
};
