import { invalidField } from '../domain/invalid.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { PatternTest } from '../filters/jsonpath/pattern/pattern-test.ts';
import type { Rule } from './run.ts';

/** What a keyword knows of the schema that it stands in. */
export interface Place {
  /** A JSON pointer into the whole schema: of the keyword itself. */
  readonly at: string;
  readonly schema: JsonObject;
  /** The schema at a path below the keyword; `inPlace` where it is asked of the same value. */
  sub(schema: Json, path?: string, inPlace?: boolean): Rule;
  /** Throws `validation-failed` at `at` for what takes more than linear time, and for too many. */
  pattern(text: string, at: string): PatternTest;
}

/** A keyword's value as a rule. Throws `validation-failed` at its place. */
export type Keyword = (value: Json, place: Place) => Rule;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** A name as a token of a JSON pointer. */
export const token = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** `place` is a JSON pointer into the schema. */
export const noSchema = (place: string, message: string) => invalidField(`schema${place}`, message);

export const objectIn = (value: Json, { at }: Pick<Place, 'at'>): JsonObject => {
  if (isObject(value)) return value;
  throw noSchema(at, 'must be an object');
};

export const schemasIn = (value: Json, { at }: Pick<Place, 'at'>): readonly Json[] => {
  if (isArray(value) && value.length > 0) return value;
  throw noSchema(at, 'must be an array of schemas');
};

export const namesIn = (value: Json, at: string): readonly string[] => {
  const names = isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  if (isArray(value) && names.length === value.length) return names;
  throw noSchema(at, 'must be an array of strings');
};

export const countIn = (value: Json, { at }: Pick<Place, 'at'>): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw noSchema(at, 'must be an integer of 0 or more');
};

export const numberIn = (value: Json, { at }: Pick<Place, 'at'>): number => {
  if (typeof value === 'number') return value;
  throw noSchema(at, 'must be a number');
};
