import { type ColdName, coldProjections, type DocumentOf } from '../../projections/index.ts';
import type { Projection } from '../../projections/projection.ts';
import { isKnown, type Recorded } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';

type Fold = (document: unknown, fact: Recorded, ordinal: number) => unknown;

/** One view of the log, folded fact by fact in memory. */
const createFolded = ({ key, evolve }: Projection<never>) => {
  const documents = new Map<string, unknown>();
  const folds = evolve as Readonly<Record<string, Fold | undefined>>;
  let ordinal = 0;
  return {
    documents,
    take(fact: Recorded): void {
      const fold = folds[fact.type];
      if (fold === undefined) return;
      const id = key(fact, ordinal);
      ordinal += 1;
      if (id === undefined) return;
      const document = fold(documents.get(id), fact, ordinal - 1);
      if (document === undefined) documents.delete(id);
      else documents.set(id, document);
    },
  };
};

/** The views that are kept on disk, as far as the log was told to them. */
export const createColdFold = () => {
  const { timeline: _, ...projections } = coldProjections;
  const views = new Map(
    Object.entries(projections).map(([name, projection]) => [
      name,
      createFolded(projection as unknown as Projection<never>),
    ]),
  );
  return {
    take(fact: StoredEvent): void {
      if (!isKnown(fact)) return;
      for (const view of views.values()) view.take(fact);
    },
    all: <Name extends ColdName>(name: Name): ReadonlyMap<string, DocumentOf<Name>> =>
      (views.get(name)?.documents ?? new Map()) as ReadonlyMap<string, DocumentOf<Name>>,
  };
};
