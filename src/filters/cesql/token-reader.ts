import { invalidText } from '../definition.ts';
import { NestedReader } from '../nested-reader.ts';
import { type Token, type TokenKind, tokensOf } from './tokens.ts';

/** Where one is in a text. */
export class TokenReader extends NestedReader {
  private readonly tokens: readonly Token[];
  private place = 0;

  constructor(text: string) {
    super();
    this.tokens = tokensOf(text);
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.place + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new TypeError('tokens have an end');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.place += 1;
    return token;
  }

  /** Behind the last token that was taken. */
  get end(): number {
    return this.tokens[this.place - 1]?.end ?? 0;
  }

  is(kind: TokenKind, text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === kind && token.text === text;
  }

  /** Takes the next one where it is that. */
  took(kind: TokenKind, text: string): boolean {
    const isIt = this.is(kind, text);
    if (isIt) this.place += 1;
    return isIt;
  }

  expect(symbol: string): void {
    if (!this.took('symbol', symbol)) this.refuse(`must have a ${symbol}`);
  }

  refuse(message: string): never {
    throw invalidText(this.peek().at, message);
  }
}
