import { isTriplineError } from '../domain/errors.ts';
import { invalidField, invalidFields } from '../domain/invalid.ts';
import type { Json } from '../domain/json.ts';
import type { FilterLanguages } from '../filters/index.ts';
import type { Filter } from '../filters/language.ts';
import type { FilterForm } from '../triggers/filter-form.ts';

/** Throws `validation-failed` at the place of the mistake, below the member `at`. */
export const checkedFilter = (
  languages: FilterLanguages,
  form: FilterForm,
  at = 'filter',
): Filter => {
  const [[name, definition] = ['', null]] = Object.entries(form as Record<string, Json>);
  const language = languages.get(name);
  if (language === undefined)
    throw invalidField(`${at}.${name}`, `must be one of ${[...languages.keys()].join(', ')}`);
  try {
    return language.compile(definition);
  } catch (error) {
    if (!isTriplineError(error, 'validation-failed')) throw error;
    throw invalidFields(
      error.details.map(({ field, message }) => ({
        field: field.replace(/^definition/, () => `${at}.${name}`),
        message,
      })),
    );
  }
};
