import { TriplineError } from '../domain/errors.ts';
import type { Fact } from '../domain/events.ts';
import type { Address, Standing } from './address.ts';

export interface Decision<State> {
  readonly facts: readonly Fact[];
  readonly next: State;
}

/** A refusal is a value here: whether it may be given depends on what it rests on. */
export interface Refused {
  readonly facts: readonly [];
  readonly refusal: unknown;
}

/** Refuses with `precondition-failed` where the stream is not where the caller has seen it. */
export const mustBeAt = (
  stream: string,
  revision: number | 'no_stream',
  wanted: number | 'no_stream' | undefined,
): void => {
  if (wanted === undefined || revision === wanted) return;
  throw new TriplineError(
    'precondition-failed',
    `${stream} is at revision ${revision}, not ${wanted}`,
  );
};

const decideOn = <State, Command>(
  { stream, decider }: Address<State, Command>,
  command: Command,
  { state, revision }: Standing<State>,
  ifRevision: number | 'no_stream' | undefined,
): Decision<State> => {
  mustBeAt(stream, revision, ifRevision);
  const facts = decider.decide(command, state);
  // Folding before the append means that what cannot be folded is never recorded.
  let next = state;
  for (const fact of facts) next = decider.evolve(next, fact);
  return { facts, next };
};

export const decide = <State, Command>(
  address: Address<State, Command>,
  command: Command,
  standing: Standing<State>,
  ifRevision: number | 'no_stream' | undefined,
): Decision<State> | Refused => {
  try {
    return decideOn(address, command, standing, ifRevision);
  } catch (refusal) {
    return { facts: [], refusal };
  }
};
