import type { TriplineError } from '../domain/errors.ts';
import { invalidField } from '../domain/invalid.ts';
import type { Json, JsonObject } from '../domain/json.ts';

export const maxDepth = 32;
/** Of values in one definition, those within others counted too. */
export const maxValues = 2_000;
/** Of characters in one name or string of a definition. */
export const maxString = 1_024;
/** Of characters of a definition that is text. */
export const maxText = 4_096;

/** `field` is a pointer into the definition. */
export const invalidAt = (pointer: string, message: string): TriplineError =>
  invalidField(`definition${pointer}`, message);

/** Of languages written as text: where in it. */
export const invalidText = (at: number, message: string): TriplineError =>
  invalidField('definition', `${message} at character ${at}`);

export const below = (pointer: string, name: string | number): string =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const checkString = (text: string, pointer: string): void => {
  if (text.length > maxString)
    throw invalidAt(pointer, `must have at most ${maxString} characters in one string`);
};

const check = (value: Json, pointer: string, depth: number, left: { values: number }): void => {
  left.values -= 1;
  if (left.values < 0) throw invalidAt(pointer, `must not be one of more than ${maxValues} values`);
  if (typeof value === 'string') checkString(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw invalidAt(pointer, `must not be more than ${maxDepth} deep`);
  for (const [name, member] of Object.entries(value)) {
    checkString(name, pointer);
    check(member, below(pointer, name), depth - 1, left);
  }
};

/** Refuses what would take too long to compile or to try; throws `validation-failed`. */
export const checkDefinition = (definition: Json): void =>
  check(definition, '', maxDepth, { values: maxValues });

/** A definition that is text. */
export const textOf = (definition: Json): string => {
  if (typeof definition !== 'string') throw invalidAt('', 'must be a string');
  if (definition.length > maxText) throw invalidAt('', `must have at most ${maxText} characters`);
  return definition;
};
