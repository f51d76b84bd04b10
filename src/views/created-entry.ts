import { type RegistryEntry, registry } from '../../projections/registry.ts';
import { TriplineError } from '../domain/errors.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { foldOf } from './fold.ts';

type Kind = RegistryEntry['entity'];

const { evolve } = foldOf(registry);

const isA = <K extends Kind>(
  kind: K,
  entry: RegistryEntry | undefined,
): entry is Extract<RegistryEntry, { entity: K }> => entry?.entity === kind;

/** An entity as it was when this fact brought it into being, whatever became of it since. */
export const createdEntry = <K extends Kind>(kind: K, first: StoredEvent) => {
  const entry = evolve(undefined, first, 0);
  if (isA(kind, entry)) return entry;
  throw new TriplineError('corrupt-stream', `${first.stream} does not begin with a ${kind}`);
};
