/**
 * What there is of one sort, by name: built in, or added while the server runs. Whoever reads keeps
 * `known` and looks anew each time.
 */
export interface Catalogue<Entry> {
  readonly known: ReadonlyMap<string, Entry>;
  /** A name has one meaning: throws where it is taken. Answers what takes the entry away again. */
  add(entry: Entry): () => void;
}

export const createCatalogue = <Entry>(
  nameOf: (entry: Entry) => string,
  builtIn: readonly Entry[],
): Catalogue<Entry> => {
  const known = new Map<string, Entry>();
  const add = (entry: Entry): (() => void) => {
    const name = nameOf(entry);
    if (known.has(name)) throw new TypeError(`there are two of the name ${name}`);
    known.set(name, entry);
    return () => {
      if (known.get(name) === entry) known.delete(name);
    };
  };
  for (const entry of builtIn) add(entry);
  return { known, add };
};
