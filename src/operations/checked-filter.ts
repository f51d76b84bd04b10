import { z } from 'zod';
import { isTriplineError } from '../domain/errors.ts';
import { invalidField, invalidFields } from '../domain/invalid.ts';
import type { Json } from '../domain/json.ts';
import type { FilterLanguages } from '../filters/index.ts';
import type { Filter } from '../filters/language.ts';

const oneLanguage = 'must be an object with one member: {"<language>": <definition>}';

/** A filter as people write it: its language, and what it says in that. It came as JSON. */
export const FilterForm = z
  .record(z.string(), z.unknown(), oneLanguage)
  .refine((form) => Object.keys(form).length === 1, oneLanguage);
type FilterForm = z.output<typeof FilterForm>;

/** Throws `validation-failed` at the place of the mistake, below `filter`. */
export const filterOf = (languages: FilterLanguages, form: FilterForm): Filter => {
  const [[name, definition] = ['', null]] = Object.entries(form as Record<string, Json>);
  const language = languages.get(name);
  if (language === undefined)
    throw invalidField(`filter.${name}`, `must be one of ${[...languages.keys()].join(', ')}`);
  try {
    return language.compile(definition);
  } catch (error) {
    if (!isTriplineError(error, 'validation-failed')) throw error;
    throw invalidFields(
      error.details.map(({ field, message }) => ({
        field: field.replace(/^definition/, () => `filter.${name}`),
        message,
      })),
    );
  }
};
