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

const decideOn = <State, Command>(
  { stream, decider }: Address<State, Command>,
  command: Command,
  { state, revision }: Standing<State>,
  ifRevision: number | undefined,
): Decision<State> => {
  if (ifRevision !== undefined && revision !== ifRevision) {
    const sentence = `${stream} is at revision ${revision}, not ${ifRevision}`;
    throw new TriplineError('precondition-failed', sentence);
  }
  const facts = decider.decide(command, state);
  // Folding before the append means that what cannot be folded is never recorded.
  return { facts, next: facts.reduce((at, fact) => decider.evolve(at, fact), state) };
};

export const decide = <State, Command>(
  address: Address<State, Command>,
  command: Command,
  standing: Standing<State>,
  ifRevision: number | undefined,
): Decision<State> | Refused => {
  try {
    return decideOn(address, command, standing, ifRevision);
  } catch (refusal) {
    return { facts: [], refusal };
  }
};
