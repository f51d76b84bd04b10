import type { JsonObject } from '../domain/json.ts';
import type { FilterInput } from './language.ts';

/** What languages of JSON see; a body that is not JSON is no member of it. */
export const documentOf = ({ payload, headers, query, source, type }: FilterInput): JsonObject =>
  payload === undefined
    ? { headers, query, source, type }
    : { payload, headers, query, source, type };
