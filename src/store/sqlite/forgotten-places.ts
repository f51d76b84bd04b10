import { type DataOf, type FactType, facts } from '../../domain/events.ts';
import { covers } from '../../domain/expiry/decider.ts';
import type { Connection } from './database.ts';

/** A row that is not as it was written is found by its hash, not here. */
const read = <T extends FactType>(type: T, text: string): DataOf<T> | undefined => {
  try {
    return facts[type].schema.safeParse(JSON.parse(text)).data as DataOf<T> | undefined;
  } catch {
    return undefined;
  }
};

const rowsOf = (db: Connection, type: FactType): readonly string[] =>
  db
    .prepare<[string], string>('SELECT data FROM events WHERE type = ? ORDER BY position')
    .pluck()
    .all(type);

/** Which payloads the log itself says are gone, to be asked in the order of their places. */
export const forgottenPlaces = (db: Connection): ((place: string) => boolean) => {
  const stretches = rowsOf(db, 'PayloadsExpired').flatMap(
    (text) => read('PayloadsExpired', text) ?? [],
  );
  const named = new Set(stretches.flatMap(({ also }) => also));
  for (const text of rowsOf(db, 'PayloadForgotten')) {
    for (const place of read('PayloadForgotten', text)?.places ?? []) named.add(place);
  }
  let at = 0;
  return (place) => {
    while ((stretches[at]?.upTo ?? place) < place) at += 1;
    const stretch = stretches[at];
    return named.has(place) || (stretch !== undefined && covers(stretch, place));
  };
};
