import type { Json } from '../domain/json.ts';
import { OutOfSteps } from '../filters/steps.ts';
import { Compiler } from './compiler.ts';
import { isObject, noSchema } from './keyword.ts';
import { type Complaint, Evaluated, Run, TooDeep } from './run.ts';

const maxLength = 65_536;
const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** What values must be like. */
export interface Schema {
  /** What is wrong with a value, at most 20 complaints; none: it is as it must be. */
  check(value: Json): readonly Complaint[];
}

const tooMuch = 'must be checkable in fewer steps';

/**
 * JSON Schema 2020-12, but for `$dynamicRef`, `$id` within and other documents; `format` and what is
 * not known say nothing, as the standard has it. Interpreted and never made into code, as schemas
 * come from whoever may write triggers. Throws `validation-failed` at `schema` and a JSON pointer.
 */
export const compileSchema = (definition: Json): Schema => {
  if (JSON.stringify(definition).length > maxLength)
    throw noSchema('', `must be at most ${maxLength} characters long`);
  const { $schema = dialect } = isObject(definition) ? definition : {};
  if (typeof $schema !== 'string' || $schema.replace(/#$/, '') !== dialect)
    throw noSchema('/$schema', `must be ${dialect}`);
  const rule = new Compiler().compile(definition);
  return {
    check: (value) => {
      const run = new Run();
      try {
        rule(value, '', run, new Evaluated());
      } catch (error) {
        if (!(error instanceof OutOfSteps || error instanceof TooDeep)) throw error;
        return [{ pointer: '', expected: tooMuch, seen: 'a value that takes too many' }];
      }
      return run.complaints;
    },
  };
};
