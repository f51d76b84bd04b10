import type { FilterInput } from '../language.ts';
import type { Steps } from '../steps.ts';
import { booleanOf, integerOf, likeType, stringOf } from './casts.ts';
import type { Expression } from './expression.ts';
import { type Fault, Faults } from './faults.ts';
import { calculations, orders } from './operators.ts';
import { isInteger, type Value } from './value.ts';

type Attributes = FilterInput['attributes'];
type Of<Form> = Extract<Expression, { readonly form: Form }>;

const required = new Set(['id', 'source', 'specversion', 'type']);

/** What a CloudEvent says; a number that is no Integer is text. */
const primitive = (value: Value): Value =>
  typeof value === 'number' && !isInteger(value) ? String(value) : value;

/**
 * One evaluation. Where a part of an expression is at fault the whole yields the zero of its type;
 * where only its own operation is, it yields what that gives.
 */
class Evaluation {
  readonly faults: Faults;
  private readonly attributes: Attributes;

  constructor(attributes: Attributes, steps: Steps) {
    this.attributes = attributes;
    this.faults = new Faults(steps);
  }

  value(expression: Expression): Value {
    this.faults.steps.take(1);
    switch (expression.form) {
      case 'literal':
        return expression.value;
      case 'attribute':
        return this.attribute(expression.name);
      case 'exists':
        return required.has(expression.name) || Object.hasOwn(this.attributes, expression.name);
      case 'not':
        return this.not(expression.operand);
      case 'minus':
        return this.minus(expression.operand);
      case 'like':
        return this.like(expression);
      case 'in':
        return this.isIn(expression);
      case 'call':
        return this.call(expression);
      case 'logic':
        return this.logic(expression);
      case 'equality':
        return this.equality(expression);
      case 'order':
        return this.order(expression);
      default:
        return this.arithmetic(expression);
    }
  }

  private get isAtFault(): boolean {
    return this.faults.first !== undefined;
  }

  private attribute(name: string): Value {
    const value = Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
    if (value !== undefined) return primitive(value);
    this.faults.add('MissingAttributeError', `there is no attribute ${name}`);
    return false;
  }

  private not(operand: Expression): boolean {
    const value = this.value(operand);
    if (this.isAtFault) return false;
    // Its conformance tests have NOT of an Integer fail, though other operators cast one.
    if (typeof value === 'number') this.faults.add('CastError', `${value} is no Boolean`);
    return typeof value === 'number' || !booleanOf(value, this.faults);
  }

  private minus(operand: Expression): number {
    const value = this.value(operand);
    return this.isAtFault ? 0 : this.bounded(-integerOf(value, this.faults));
  }

  private bounded(value: number): number {
    if (isInteger(value)) return value + 0;
    this.faults.add('MathError', 'the result is no integer of 32 bits');
    return 0;
  }

  private like({ operand, isNegated, range }: Of<'like'>): boolean {
    const value = this.value(operand);
    return !this.isAtFault && range(stringOf(value), this.faults.steps) !== isNegated;
  }

  private isIn({ operand, isNegated, range }: Of<'in'>): boolean {
    const value = this.value(operand);
    if (this.isAtFault) return false;
    for (const element of range) {
      const other = likeType(this.value(element), value, this.faults);
      if (this.isAtFault) return false;
      if (other === value) return !isNegated;
    }
    return isNegated;
  }

  private call({ name, builtIn, arguments: given }: Of<'call'>): Value {
    if (builtIn === undefined) {
      this.faults.add('MissingFunctionError', `there is no ${name} of ${given.length} arguments`);
      return false;
    }
    const values: Value[] = [];
    for (const argument of given) {
      values.push(this.value(argument));
      if (this.isAtFault) return builtIn.zero;
    }
    return builtIn.call(values, this.faults);
  }

  private logic({ operator, left, right }: Of<'logic'>): boolean {
    const first = booleanOf(this.value(left), this.faults);
    if (this.isAtFault) return false;
    if (operator !== 'XOR' && first === (operator === 'OR')) return first;
    const second = booleanOf(this.value(right), this.faults);
    if (this.isAtFault) return false;
    return operator === 'XOR' ? first !== second : second;
  }

  /** The right side says of which type both are. */
  private equality({ operator, left, right }: Of<'equality'>): boolean {
    const first = this.value(left);
    if (this.isAtFault) return false;
    const second = this.value(right);
    if (this.isAtFault) return false;
    const same = likeType(first, second, this.faults) === second;
    return !this.isAtFault && same === (operator === '=');
  }

  private integers(left: Expression, right: Expression): readonly [number, number] {
    const first = this.value(left);
    const cast = this.isAtFault ? 0 : integerOf(first, this.faults);
    if (this.isAtFault) return [0, 0];
    const second = this.value(right);
    return [cast, this.isAtFault ? 0 : integerOf(second, this.faults)];
  }

  private order({ operator, left, right }: Of<'order'>): boolean {
    const [first, second] = this.integers(left, right);
    return !this.isAtFault && orders[operator](first, second);
  }

  private arithmetic({ operator, left, right }: Of<'arithmetic'>): number {
    const [first, second] = this.integers(left, right);
    if (this.isAtFault) return 0;
    if (second === 0 && (operator === '/' || operator === '%')) {
      this.faults.add('MathError', `${first} ${operator} 0 has no result`);
      return 0;
    }
    return this.bounded(calculations[operator](first, second));
  }
}

export interface Outcome {
  readonly value: Value;
  readonly fault: Fault | undefined;
}

/** Total: there is always a value, and beside it what went wrong first. */
export const evaluateCesql = (
  expression: Expression,
  attributes: Attributes,
  steps: Steps,
): Outcome => {
  const evaluation = new Evaluation(attributes, steps);
  const value = evaluation.value(expression);
  return { value, fault: evaluation.faults.first };
};
