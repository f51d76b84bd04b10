import type { Json } from '../domain/json.ts';
import { boundedFilter, type Reason } from './bounded-filter.ts';
import { below, isList, textOf } from './definition.ts';
import { documentOf } from './document.ts';
import { childAt } from './jsonpath/child.ts';
import { indexAt } from './jsonpath/indices.ts';
import { parseJsonPath } from './jsonpath/parser.ts';
import type { Query, Segment, Step } from './jsonpath/query.ts';
import { Search } from './jsonpath/search.ts';
import type { FilterLanguage } from './language.ts';
import type { Steps } from './steps.ts';

const finds = (query: Query, document: Json, steps: Steps): boolean =>
  new Search(document, steps).visit(query, document, () => true);

interface Place {
  readonly path: string;
  readonly value: Json;
}

const nameOf = (step: Step, value: Json): string | number => {
  if (step.selects === 'name') return step.name;
  return indexAt(step.index, isList(value) ? value.length : 0);
};

/** How far a query leads to one value. */
const lastPlace = (segments: readonly Segment[], document: Json): Place => {
  let place: Place = { path: '', value: document };
  for (const { only } of segments) {
    const value = only && childAt(place.value, only);
    if (only === undefined || value === undefined) return place;
    place = { path: below(place.path, nameOf(only, place.value)), value };
  }
  return place;
};

/** The first segment that selects nothing of what those before it select. */
const why = (text: string, { segments }: Query, document: Json, steps: Steps): Reason => {
  const at = segments.findIndex(
    (_, i) => !finds({ from: '$', segments: segments.slice(0, i + 1) }, document, steps),
  );
  const failed = segments[at];
  const { path, value } = lastPlace(segments.slice(0, at), document);
  const predicate = failed === undefined ? text : text.slice(failed.at, failed.end);
  return { predicate, path, expected: 'at least one value that this selects', seen: value };
};

/** A query of RFC 9535, which matches where it selects anything. */
export const jsonpath: FilterLanguage = {
  name: 'jsonpath',
  compile: (definition) => {
    const text = textOf(definition);
    const query = parseJsonPath(text);
    return boundedFilter('jsonpath', text, {
      test: (input, steps) => finds(query, documentOf(input), steps),
      why: (input, steps) => why(text, query, documentOf(input), steps),
    });
  },
};
