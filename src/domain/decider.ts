import type { Fact } from './events.ts';

/**
 * The write side of one entity. `decide` is pure: clock, ids and randomness come in on the command.
 * An idempotent command gives no facts; an impossible one throws a `TriplineError`.
 */
export interface Decider<State, Command, F extends Fact = Fact> {
  readonly initialState: State;
  evolve(state: State, fact: F): State;
  decide(command: Command, state: State): readonly F[];
}
