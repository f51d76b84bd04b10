import { invalidText } from '../definition.ts';
import { NestedReader } from '../nested-reader.ts';

const blank = /[ \t\n\r]*/y;

/** Where one is in a text. */
export class TextReader extends NestedReader {
  readonly text: string;
  at = 0;
  private segments = 0;

  constructor(text: string) {
    super();
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  next(): string {
    const character = this.peek();
    this.at += 1;
    return character;
  }

  /** Takes what comes next where it is that. */
  took(text: string): boolean {
    const isIt = this.text.startsWith(text, this.at);
    if (isIt) this.at += text.length;
    return isIt;
  }

  /** Takes what a sticky expression finds next. */
  find(form: RegExp): string | undefined {
    form.lastIndex = this.at;
    const [found] = form.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  skipBlank(): void {
    this.find(blank);
  }

  expect(text: string): void {
    if (!this.took(text)) this.refuse(`must have a ${text}`);
  }

  refuse(message: string, at = this.at): never {
    throw invalidText(at, message);
  }

  /** One more segment, in whichever of the queries within one another. */
  countSegment(most: number, at: number): void {
    this.segments += 1;
    if (this.segments > most) this.refuse(`must not have more than ${most} segments`, at);
  }
}
