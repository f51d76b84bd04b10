import { isTriplineError } from '../domain/errors.ts';
import { invalidFields } from '../domain/invalid.ts';
import type { Json } from '../domain/json.ts';
import { compileSchema, type Schema } from '../schemas/schema.ts';
import type { TriggerConfig } from '../triggers/kind.ts';

/** By the stored definition, which another version replaces. */
const compiled = new WeakMap<object, Schema>();

const schemaOf = (definition: Json): Schema => {
  if (typeof definition !== 'object' || definition === null) return compileSchema(definition);
  const schema = compiled.get(definition) ?? compileSchema(definition);
  compiled.set(definition, schema);
  return schema;
};

/** Throws `validation-failed` at a JSON pointer behind `whole` for each mistake. */
const mustBeLike = (schema: Schema, payload: Json, whole: string): void => {
  const complaints = schema.check(payload);
  if (complaints.length === 0) return;
  throw invalidFields(
    complaints.map(({ pointer, expected, seen }) => ({
      field: whole + pointer,
      message: `${expected}, not ${seen}`,
    })),
  );
};

/** Of what is sent to a trigger with that metadata. */
export const mustSuitSchema = (
  { schema }: Pick<TriggerConfig, 'schema'>,
  payload: () => Json,
): void => {
  if (schema !== undefined) mustBeLike(schemaOf(schema), payload(), 'body');
};

const within = (member: string, task: () => Schema): Schema => {
  try {
    return task();
  } catch (error) {
    if (!isTriplineError(error, 'validation-failed')) throw error;
    throw invalidFields(
      error.details.map(({ field, message }) => ({ field: `${member}.${field}`, message })),
    );
  }
};

/** Of metadata that its kind has looked at: its schema is one, and its examples are like it. */
export const checkSchema = ({
  schema: definition,
  examples = [],
}: Pick<TriggerConfig, 'schema' | 'examples'>): void => {
  if (definition === undefined) return;
  const schema = within('triggerMetadata', () => schemaOf(definition));
  for (const [index, { payload }] of examples.entries())
    mustBeLike(schema, payload, `triggerMetadata.examples.${index}.payload`);
};
