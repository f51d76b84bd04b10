import type { ArrivalRequest, Source } from '../domain/facts/arrival-facts.ts';
import type { Json } from '../domain/json.ts';
import { jsonIn, textOf } from '../domain/json-body.ts';
import type { BodyAtHand } from '../domain/payload.ts';
import type { FilterInput } from '../filters/language.ts';
import type { Origin } from '../triggers/kind.ts';

/** An arrival as filters can be asked about it. */
export interface Filterable {
  readonly arrivalId: string;
  readonly source: Source;
  readonly request: ArrivalRequest | null;
  /** Asked for only where a filter is; undefined once it was forgotten. */
  readonly bodyOf: () => BodyAtHand | undefined;
}

const payloadIn = (body: BodyAtHand | undefined): Json | undefined => {
  const json = body && jsonIn(textOf(body));
  return json === undefined ? undefined : (JSON.parse(json) as Json);
};

/** What filters see of an arrival; worked out once, when the first of them is asked. */
export const seenByFilters = (
  { arrivalId, request, bodyOf }: Filterable,
  origin: () => Origin,
): (() => FilterInput) => {
  let seen: FilterInput | undefined;
  return () => {
    if (seen !== undefined) return seen;
    const { source, type } = origin();
    seen = {
      payload: payloadIn(bodyOf()),
      headers: request?.headers ?? {},
      query: request?.query ?? {},
      ...{ source, type },
      attributes: { id: arrivalId, specversion: '1.0', source, type },
    };
    return seen;
  };
};
