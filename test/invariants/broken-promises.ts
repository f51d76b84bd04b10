import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { InvariantOptions } from '../../src/invariants/invariant.ts';
import { createInvariants } from '../../src/invariants/invariants.ts';

interface Options extends InvariantOptions {
  /** All work is done: what is owed must be there, and not only what is there be right. */
  readonly settled?: boolean;
}

/** Who is at work on such a store, by what it says of itself. */
export const ownersOf = ({ exclusive }: { readonly exclusive: boolean }) =>
  exclusive ? 'one' : 'several';

/** Every promise a log breaks, in sentences; an empty list is a good log. */
export const brokenPromises = (
  log: readonly StoredEvent[],
  { settled = false, ...options }: Options = {},
): readonly string[] => {
  const { take, atRest } = createInvariants(options);
  return [...log.flatMap(take), ...(settled ? atRest() : [])];
};
