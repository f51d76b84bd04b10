import type { Reason } from '../bounded-filter.ts';
import { below } from '../definition.ts';
import type { FilterInput } from '../language.ts';
import type { Steps } from '../steps.ts';
import { evaluateCesql, type Outcome } from './evaluate.ts';
import { type Expression, partsOf } from './expression.ts';
import { typeOf } from './value.ts';

type Evaluate = (expression: Expression) => Outcome;

/** The innermost part at fault, where one is. */
const faulty = (expression: Expression, evaluate: Evaluate): Expression => {
  const part = partsOf(expression).find((each) => evaluate(each).fault !== undefined);
  return part === undefined ? expression : faulty(part, evaluate);
};

/** Of an expression that is false: the part that makes it so. */
const failed = (expression: Expression, evaluate: Evaluate): Expression => {
  if (expression.form !== 'logic' || expression.operator !== 'AND') return expression;
  const { left, right } = expression;
  return failed(evaluate(left).value === false ? left : right, evaluate);
};

const attributeIn = (expression: Expression): string | undefined => {
  if (expression.form === 'attribute' || expression.form === 'exists') return expression.name;
  for (const part of partsOf(expression)) {
    const name = attributeIn(part);
    if (name !== undefined) return name;
  }
  return undefined;
};

/** Why an expression that is not true, or that is at fault, does not match. */
export const blame = (
  text: string,
  expression: Expression,
  { attributes }: FilterInput,
  steps: Steps,
): Reason => {
  const evaluate = (part: Expression) => evaluateCesql(part, attributes, steps);
  const { value, fault } = evaluate(expression);
  const part = (fault === undefined ? failed : faulty)(expression, evaluate);
  const name = attributeIn(part);
  const seen =
    name === undefined || !Object.hasOwn(attributes, name) ? undefined : attributes[name];
  const place = {
    predicate: text.slice(part.at, part.end),
    path: name === undefined ? '' : below('/attributes', name),
    seen,
  };
  if (fault !== undefined)
    return { ...place, expected: `a value, not ${fault.name}: ${fault.message}` };
  if (typeof value === 'boolean') return { ...place, expected: 'true' };
  return { ...place, expected: `true or false, not ${typeOf(value)}` };
};
