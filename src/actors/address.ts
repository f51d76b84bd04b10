import type { Decider } from '../domain/decider.ts';
import type { Position } from '../domain/position.ts';

/** One entity: its stream and its rules. A stream belongs to one decider. */
export interface Address<State, Command> {
  readonly stream: string;
  readonly decider: Decider<State, Command>;
  /** The stream is expected not to exist: the first decision is made without reading. */
  readonly fresh?: boolean;
  /** What is decided for it is what routing goes by. */
  readonly isOfRegistry?: boolean;
  /** Whether nobody will ask it anything more, so that its state need not stay in memory. */
  readonly isOver?: (state: State) => boolean;
}

/** What is known of an entity at one revision of its stream. */
export interface Standing<State> {
  readonly state: State;
  readonly revision: number | 'no_stream';
  /** Place of the last fact, where the store has told it. */
  readonly position: Position | undefined;
}
