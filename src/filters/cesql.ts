import { boundedFilter } from './bounded-filter.ts';
import { blame } from './cesql/blame.ts';
import { evaluateCesql } from './cesql/evaluate.ts';
import { type Expression, partsOf } from './cesql/expression.ts';
import { parseCesql } from './cesql/parser.ts';
import { invalidText, textOf } from './definition.ts';
import type { FilterLanguage } from './language.ts';

const checkFunctions = (expression: Expression): void => {
  if (expression.form === 'call' && expression.builtIn === undefined) {
    const { name, arguments: given, at } = expression;
    throw invalidText(at, `calls ${name} with ${given.length} arguments, which there is not,`);
  }
  for (const part of partsOf(expression)) checkFunctions(part);
};

/**
 * CloudEvents SQL, version 1. An expression matches where it is true and nothing went wrong; what
 * its text says of functions that there are not is refused at once.
 */
export const cesql: FilterLanguage = {
  name: 'cesql',
  compile: (definition) => {
    const text = textOf(definition);
    const expression = parseCesql(text);
    checkFunctions(expression);
    return boundedFilter('cesql', text, {
      test: ({ attributes }, steps) => {
        const { value, fault } = evaluateCesql(expression, attributes, steps);
        return value === true && fault === undefined;
      },
      why: (input, steps) => blame(text, expression, input, steps),
    });
  },
};
