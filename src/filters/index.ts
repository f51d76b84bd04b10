import { type Catalogue, createCatalogue } from '../domain/catalogue.ts';
import { cesql } from './cesql.ts';
import { eventbridge } from './eventbridge.ts';
import { eventfilter } from './eventfilter.ts';
import { jsonpath } from './jsonpath.ts';
import type { FilterLanguage } from './language.ts';

/** Every language a filter may be written in that is built in. */
const builtIn: readonly FilterLanguage[] = [eventfilter, eventbridge, cesql, jsonpath];

/** Languages by the name triggers use. */
export type FilterLanguages = ReadonlyMap<string, FilterLanguage>;

export const createFilterLanguages = (): Catalogue<FilterLanguage> =>
  createCatalogue(({ name }) => name, builtIn);

export const filterLanguages: FilterLanguages = createFilterLanguages().known;
