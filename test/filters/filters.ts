import type { Json, JsonObject } from '../../src/domain/json.ts';
import { filterLanguages } from '../../src/filters/index.ts';
import type { Filter, FilterInput, Mismatch } from '../../src/filters/language.ts';

export const filterOf = (language: string, definition: Json): Filter => {
  const found = filterLanguages.get(language);
  if (found === undefined) throw new Error(`there is no language ${language}`);
  return found.compile(definition);
};

const plain: FilterInput = {
  payload: undefined,
  headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
  query: { dry: 'yes' },
  source: 'github',
  type: 'push',
  attributes: { id: 'e-1', source: 'github', specversion: '1.0', type: 'push' },
};

export const inputOf = (
  payload: Json | undefined,
  more: Partial<FilterInput> = {},
): FilterInput => ({
  ...plain,
  payload,
  ...more,
});

/** An event with these attributes and extensions beside those that all have. */
export const eventOf = (attributes: FilterInput['attributes']): FilterInput =>
  inputOf(undefined, { attributes: { ...plain.attributes, ...attributes } });

/** Of the payload alone; throws where both answers of a filter do not agree. */
export const matchesPayload = (language: string, definition: Json, payload?: Json): boolean =>
  answerOf(filterOf(language, definition), inputOf(payload));

export const answerOf = (filter: Filter, input: FilterInput): boolean => {
  const matches = filter.matches(input);
  const reason = filter.explain(input);
  if (matches !== (reason === undefined))
    throw new Error(`it matches: ${matches}, and says: ${JSON.stringify(reason)}`);
  return matches;
};

export const reasonOf = (
  language: string,
  definition: Json,
  input: FilterInput,
): Mismatch | undefined => filterOf(language, definition).explain(input);

/** What is said of a definition, or undefined where it is one. */
export const complaintOf = (language: string, definition: Json): string | undefined => {
  try {
    filterOf(language, definition);
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'validation-failed')
      return error.message;
    throw error;
  }
};

/** A value within so many lists. */
export const nested = (depth: number, value: Json = 1): Json => {
  let within = value;
  for (let i = 0; i < depth; i += 1) within = [within];
  return within;
};

/** A value within so many objects, each with one member of this name. */
export const nestedObject = (depth: number, name: string, value: Json = 1): Json => {
  let within = value;
  for (let i = 0; i < depth; i += 1) within = { [name]: within } satisfies JsonObject;
  return within;
};
