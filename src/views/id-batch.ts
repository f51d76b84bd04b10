import { idHash } from './id-hash.ts';

/** More documents than are ever written at once; a hash and one of these fit a number together. */
const maxDocuments = 2 ** 20;

/**
 * The ids of the documents of one write. As plain numbers, because as many small arrays they would
 * be a good part of what the garbage collector has to move.
 */
export const createIdBatch = () => {
  const places: number[] = [];
  const marks: number[] = [];
  return {
    add: (ids: readonly string[], place: number): void => {
      for (const id of ids) marks.push(idHash(id) * maxDocuments + places.length);
      places.push(place);
    },
    /** Hash, place, hash, place …: by hash, so that neighbours go to the same page; none comes twice. */
    entries: (): readonly number[] => {
      const entries: number[] = [];
      let previous: number | undefined;
      for (const mark of Float64Array.from(marks).sort()) {
        if (mark === previous) continue;
        previous = mark;
        entries.push(Math.floor(mark / maxDocuments), places[mark % maxDocuments] ?? 0);
      }
      return entries;
    },
  };
};
