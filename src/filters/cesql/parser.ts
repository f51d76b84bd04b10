import { invalidText } from '../definition.ts';
import type { Arithmetic, Binary, Equality, Expression, Logic, Order } from './expression.ts';
import { builtIns } from './functions.ts';
import { likeTest } from './like.ts';
import { TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';
import { isInteger } from './value.ts';

const keywords = new Set(['AND', 'OR', 'XOR', 'NOT', 'LIKE', 'EXISTS', 'IN', 'TRUE', 'FALSE']);
const functionName = /^[A-Z][A-Z_]*$/;
const attributeName = /^[A-Z0-9]+$/;

type Operator =
  | Pick<Binary<'arithmetic', Arithmetic>, 'form' | 'operator'>
  | Pick<Binary<'equality', Equality>, 'form' | 'operator'>
  | Pick<Binary<'order', Order>, 'form' | 'operator'>
  | Pick<Binary<'logic', Logic>, 'form' | 'operator'>;

const arithmetic = (operator: Arithmetic): Operator => ({ form: 'arithmetic', operator });
const equality = (operator: Equality): Operator => ({ form: 'equality', operator });
const order = (operator: Order): Operator => ({ form: 'order', operator });
const logic = (operator: Logic): Operator => ({ form: 'logic', operator });

/** From those that bind least; of one level the left one binds first, also of AND, OR and XOR. */
const levels: readonly ReadonlyMap<string, Operator>[] = [
  [logic('AND'), logic('OR'), logic('XOR')],
  [...(['=', '!=', '<>'] as const).map(equality), ...(['<', '<=', '>', '>='] as const).map(order)],
  [arithmetic('+'), arithmetic('-')],
  [arithmetic('*'), arithmetic('/'), arithmetic('%')],
].map((level) => new Map(level.map((operator) => [operator.operator, operator])));

const binary = (reader: TokenReader, level = 0): Expression => {
  const operators = levels[level];
  if (operators === undefined) return postfixed(reader);
  let left = binary(reader, level + 1);
  for (;;) {
    const { kind, text } = reader.peek();
    const operator = kind === 'string' ? undefined : operators.get(text);
    if (operator === undefined) return left;
    reader.next();
    const right = binary(reader, level + 1);
    left = { ...operator, left, right, at: left.at, end: right.end };
  }
};

const listOf = (reader: TokenReader): readonly Expression[] => {
  const list = [binary(reader)];
  while (reader.took('symbol', ',')) list.push(binary(reader));
  reader.expect(')');
  return list;
};

const like = (reader: TokenReader, operand: Expression, isNegated: boolean): Expression => {
  if (reader.peek().kind !== 'string') reader.refuse('must have a string behind LIKE');
  const { text, end } = reader.next();
  return { form: 'like', operand, isNegated, range: likeTest(text), at: operand.at, end };
};

const isIn = (reader: TokenReader, operand: Expression, isNegated: boolean): Expression => {
  reader.expect('(');
  const range = reader.within(() => listOf(reader));
  return { form: 'in', operand, isNegated, range, at: operand.at, end: reader.end };
};

const postfixed = (reader: TokenReader): Expression => {
  let operand = prefixed(reader);
  for (;;) {
    const isNegated = reader.took('word', 'NOT');
    if (reader.took('word', 'LIKE')) operand = like(reader, operand, isNegated);
    else if (reader.took('word', 'IN')) operand = isIn(reader, operand, isNegated);
    else if (isNegated) reader.refuse('must have LIKE or IN behind NOT');
    else return operand;
  }
};

const isSignOf = (sign: Token, next: Token): boolean =>
  sign.kind === 'symbol' && next.kind === 'integer' && sign.end === next.at;

const integer = (at: number, sign: number, { text, end }: Token): Expression => {
  const value = sign * Number(text) + 0;
  if (!isInteger(value)) throw invalidText(at, 'must have an integer of 32 bits');
  return { form: 'literal', value, at, end };
};

const prefixed = (reader: TokenReader): Expression => {
  const token = reader.peek();
  const { at } = token;
  if (token.text === '-' || token.text === '+') {
    const next = reader.peek(1);
    if (isSignOf(token, next)) {
      reader.next();
      return integer(at, token.text === '-' ? -1 : 1, reader.next());
    }
  }
  const form = reader.took('word', 'NOT')
    ? 'not'
    : reader.took('symbol', '-')
      ? 'minus'
      : undefined;
  if (form === undefined) return primary(reader);
  const operand = reader.within(() => prefixed(reader));
  return { form, operand, at, end: operand.end };
};

const call = (reader: TokenReader, { text: name, at }: Token): Expression => {
  if (!functionName.test(name)) throw invalidText(at, 'must have a function, of letters and _,');
  reader.expect('(');
  const given = reader.took('symbol', ')') ? [] : reader.within(() => listOf(reader));
  const builtIn = builtIns.find((each) => each.name === name && each.takes(given.length));
  return { form: 'call', name, builtIn, arguments: given, at, end: reader.end };
};

const attribute = (
  form: 'attribute' | 'exists',
  { text, at, end }: Token,
  start = at,
): Expression => {
  if (keywords.has(text) || !attributeName.test(text))
    throw invalidText(at, 'must have the name of an attribute');
  return { form, name: text.toLowerCase(), at: start, end };
};

const isName = ({ kind, text }: Token): boolean =>
  kind === 'integer' || (kind === 'word' && !keywords.has(text));

const word = (reader: TokenReader, token: Token): Expression => {
  const { text, at, end } = token;
  if (text === 'TRUE' || text === 'FALSE')
    return { form: 'literal', value: text === 'TRUE', at, end };
  if (text === 'EXISTS') {
    if (!isName(reader.peek())) reader.refuse('must have the name of an attribute');
    return attribute('exists', reader.next(), at);
  }
  return reader.is('symbol', '(') && !keywords.has(text)
    ? call(reader, token)
    : attribute('attribute', token);
};

const primary = (reader: TokenReader): Expression => {
  const token = reader.peek();
  const { kind, text, at, end } = token;
  if (kind === 'end') reader.refuse('must not end');
  reader.next();
  if (kind === 'string') return { form: 'literal', value: text, at, end };
  if (kind === 'integer') return integer(at, 1, token);
  if (kind === 'word') return word(reader, token);
  if (text !== '(') throw invalidText(at, 'must have a value');
  const inner = reader.within(() => binary(reader));
  reader.expect(')');
  return inner;
};

/** CloudEvents SQL, version 1. Throws `validation-failed` for what is none. */
export const parseCesql = (text: string): Expression => {
  const reader = new TokenReader(text);
  const expression = binary(reader);
  if (reader.peek().kind !== 'end') reader.refuse('must end or have an operator');
  return expression;
};
