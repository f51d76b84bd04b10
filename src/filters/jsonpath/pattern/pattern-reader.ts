export class NoPattern extends Error {}

const maxDepth = 32;
const quantifier = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/;

/** Where one is in an expression, character by character. */
export class PatternReader {
  private readonly characters: readonly string[];
  private place = 0;
  private depth = 0;

  constructor(text: string) {
    this.characters = [...text];
  }

  get isAtEnd(): boolean {
    return this.place >= this.characters.length;
  }

  peek(): string {
    return this.characters[this.place] ?? '';
  }

  next(): string {
    const character = this.peek();
    if (character === '') throw new NoPattern();
    this.place += 1;
    return character;
  }

  took(character: string): boolean {
    const isIt = this.peek() === character;
    if (isIt) this.place += 1;
    return isIt;
  }

  expect(character: string): void {
    if (!this.took(character)) throw new NoPattern();
  }

  deeper<Read>(read: () => Read): Read {
    this.depth += 1;
    if (this.depth > maxDepth) throw new NoPattern();
    const found = read();
    this.depth -= 1;
    return found;
  }

  counts(): readonly [number, number | undefined] {
    const rest = this.characters.slice(this.place, this.place + 12).join('');
    const found = quantifier.exec(rest);
    if (found === null) throw new NoPattern();
    const [whole, least = '', isOpen, most] = found;
    this.place += whole.length;
    if (isOpen === undefined) return [Number(least), Number(least)];
    return [Number(least), most === undefined ? undefined : Number(most)];
  }
}
