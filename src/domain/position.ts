/**
 * A place in the log, opaque to everyone but the store that gave it out. Fixed width, so that plain
 * string comparison is log order: `a < b` means a was committed before b.
 */
export type Position = string & { readonly __brand: 'Position' };

/** Before the first event. */
export const beginning = '' as Position;

/** For stores: brands text that already has the ordering property. */
export const asPosition = (text: string): Position => text as Position;

const mark = '.';
const digits = 5;
const endingOf = (index: number): string => mark + String(index).padStart(digits, '0');

/** In one record. */
export const mostFacts = 10 ** digits;

/** Most records are small, and each fact of each needs one. */
const endings = Array.from({ length: 1_024 }, (_, index) => endingOf(index));

/** The place of a record's n-th fact, in the order of the log; the first has the record's own. */
export const placeOf = (position: Position, index: number): Position =>
  index === 0 ? position : asPosition(position + (endings[index] ?? endingOf(index)));

/** The record that a fact's place lies in. */
export const recordPositionOf = (place: Position): Position => {
  const end = place.indexOf(mark);
  return end < 0 ? place : asPosition(place.slice(0, end));
};

/** Which fact of its record lies at a place. */
export const factIndexOf = (place: Position): number => {
  const end = place.indexOf(mark);
  return end < 0 ? 0 : Number(place.slice(end + 1));
};

/** The beginning where there is none. */
export const latest = (...positions: readonly (Position | undefined)[]): Position =>
  positions.reduce<Position>(
    (last, each) => (each !== undefined && each > last ? each : last),
    beginning,
  );
