import { boundedFilter } from './bounded-filter.ts';
import { checkDefinition, invalidAt, isObject } from './definition.ts';
import { documentOf } from './document.ts';
import { membersOf } from './eventfilter/members.ts';
import type { FilterLanguage } from './language.ts';

/**
 * Trigger.dev's EventFilter: an object of names, each with a list of literals, a list of operators
 * or an object of the same form. It sees a value's own members only.
 */
export const eventfilter: FilterLanguage = {
  name: 'eventfilter',
  compile: (definition) => {
    if (!isObject(definition)) throw invalidAt('', 'must be an object');
    checkDefinition(definition);
    const members = membersOf(definition, '');
    return boundedFilter('eventfilter', JSON.stringify(definition), {
      test: (input) => members.test(documentOf(input)),
      why: (input) => members.why(documentOf(input), ''),
    });
  },
};
