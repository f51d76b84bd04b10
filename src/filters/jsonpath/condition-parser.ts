import { type Operand, OperandReader, type SegmentsReader } from './operand-parser.ts';
import type { Comparison, Logical } from './query.ts';
import type { TextReader } from './text-reader.ts';

const comparison = /[=!]=|[<>]=?/y;
const comparisons: ReadonlyMap<string | undefined, Comparison> = new Map(
  (['==', '!=', '<', '<=', '>', '>='] as const).map((each) => [each, each]),
);

/** Reads conditions, of whatever depth. */
class ConditionReader {
  private readonly reader: TextReader;
  private readonly operands: OperandReader;

  constructor(reader: TextReader, segmentsOf: SegmentsReader) {
    this.reader = reader;
    this.operands = new OperandReader(reader, segmentsOf);
  }

  any(): Logical {
    return this.several('any', '||', () => this.several('all', '&&', () => this.basic()));
  }

  private several(is: 'any' | 'all', sign: string, read: () => Logical): Logical {
    const parts = [read()];
    for (;;) {
      const { at } = this.reader;
      this.reader.skipBlank();
      if (!this.reader.took(sign)) {
        this.reader.at = at;
        const [first, more] = parts;
        return first !== undefined && more === undefined ? first : { is, parts };
      }
      this.reader.skipBlank();
      parts.push(read());
    }
  }

  private basic(): Logical {
    const { reader } = this;
    const isNegated = reader.peek() === '!' && reader.took('!');
    if (isNegated) reader.skipBlank();
    const part = reader.took('(') ? this.parenthesized() : this.testOrComparison(isNegated);
    return isNegated ? { is: 'not', part } : part;
  }

  private parenthesized(): Logical {
    const { reader } = this;
    reader.skipBlank();
    const inner = reader.within(() => this.any());
    reader.skipBlank();
    reader.expect(')');
    return inner;
  }

  private testOrComparison(isNegated: boolean): Logical {
    const { reader } = this;
    const start = reader.at;
    const left = this.operands.next();
    const behind = reader.at;
    reader.skipBlank();
    const sign = isNegated ? undefined : comparisons.get(reader.find(comparison));
    if (sign === undefined) {
      reader.at = behind;
      return this.test(left, start);
    }
    reader.skipBlank();
    const at = reader.at;
    const right = this.operands.comparable(this.operands.next(), at);
    return {
      is: 'comparison',
      comparison: sign,
      left: this.operands.comparable(left, start),
      right,
    };
  }

  private test(operand: Operand, at: number): Logical {
    if (operand.gives === 'nodes') return { is: 'exists', query: operand.query };
    if (operand.gives === 'truth') return operand.condition;
    return this.reader.refuse('must have a comparison with this value', at);
  }
}

export const conditionOf = (reader: TextReader, segmentsOf: SegmentsReader): Logical =>
  new ConditionReader(reader, segmentsOf).any();
