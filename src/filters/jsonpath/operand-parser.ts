import type { Json } from '../../domain/json.ts';
import { logicalFunctions, valueFunctions, withExpression } from './functions.ts';
import { readNumber, readString } from './literals.ts';
import {
  type Argument,
  type Comparable,
  isSingular,
  type Logical,
  type Query,
  type Segment,
} from './query.ts';
import type { TextReader } from './text-reader.ts';

/** Reads what follows `$` or `@`. */
export type SegmentsReader = (reader: TextReader) => readonly Segment[];

const functionName = /[a-z][a-z0-9_]*(?=\()/y;
const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const word = /(?:true|false|null)(?![A-Za-z0-9_])/y;
/** What may stand where a condition, a side of a comparison or an argument is expected. */
export type Operand =
  | Exclude<Argument, { readonly gives: 'value' }>
  | { readonly gives: 'truth'; readonly condition: Extract<Logical, { readonly is: 'function' }> };

/** Reads one operand after the other. */
export class OperandReader {
  private readonly reader: TextReader;
  private readonly segmentsOf: SegmentsReader;

  constructor(reader: TextReader, segmentsOf: SegmentsReader) {
    this.reader = reader;
    this.segmentsOf = segmentsOf;
  }

  /** What may be compared, or refuses it at its place. */
  comparable(operand: Operand, at: number): Comparable {
    if (operand.gives === 'truth')
      return this.reader.refuse('must not compare what is true or false itself', at);
    if (operand.gives !== 'nodes') return operand;
    if (operand.query.segments.every(isSingular)) return { gives: 'value', query: operand.query };
    return this.reader.refuse('must have a query here that selects one value at most', at);
  }

  next(): Operand {
    const { reader } = this;
    const from = reader.peek();
    if (from === '$' || from === '@') {
      reader.next();
      const query: Query = { from, segments: this.segmentsOf(reader) };
      return { gives: 'nodes', query };
    }
    const name = reader.find(functionName);
    if (name !== undefined) return this.called(name);
    const value = readString(reader) ?? this.literal();
    if (value === undefined) return reader.refuse('must have a query, a function or a literal');
    return { gives: 'literal', value };
  }

  private literal(): Json | undefined {
    const found = this.reader.find(word);
    return found === undefined ? readNumber(this.reader) : words.get(found);
  }

  private called(name: string): Operand {
    const { reader } = this;
    const at = reader.at - name.length;
    const ofValue = valueFunctions.get(name);
    const ofTruth = logicalFunctions.get(name);
    const found = ofValue ?? ofTruth ?? reader.refuse(`calls ${name}, which there is not,`, at);
    const given = reader.within(() => this.arguments(found.takes));
    if (ofValue !== undefined) return { gives: 'result', function: ofValue, arguments: given };
    const called = ofTruth ?? reader.refuse('must have a function', at);
    const [, expression] = given;
    const isKnown = expression?.gives === 'literal' && typeof expression.value === 'string';
    const ready = isKnown ? withExpression(called, String(expression.value)) : called;
    if (ready === undefined) return reader.refuse('must have an expression of RFC 9485 as it', at);
    return { gives: 'truth', condition: { is: 'function', function: ready, arguments: given } };
  }

  private arguments(takes: readonly ('value' | 'nodes')[]): readonly Argument[] {
    const { reader } = this;
    reader.expect('(');
    const given = takes.map((kind, i): Argument => {
      if (i > 0) reader.expect(',');
      reader.skipBlank();
      const { at } = reader;
      const operand = this.next();
      reader.skipBlank();
      if (kind === 'value') return this.comparable(operand, at);
      if (operand.gives === 'nodes') return operand;
      return reader.refuse('must have a query', at);
    });
    reader.expect(')');
    return given;
  }
}
