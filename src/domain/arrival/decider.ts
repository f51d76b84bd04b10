import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf } from '../events.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type ArrivalFact, arrivalMachine } from './machine.ts';

export const arrivalLifecycle = lifecycleOf(arrivalMachine);
export type ArrivalState = LifecycleStateOf<typeof arrivalLifecycle>;

export type RecordArrival = { readonly type: 'RecordArrival' } & Readonly<DataOf<'EventArrived'>>;
/** The sender sent a delivery again. */
export interface NoteRepeat {
  readonly type: 'NoteRepeat';
  readonly sameBody: boolean;
  readonly remote: string | null;
}
export type ArrivalCommand = RecordArrival | NoteRepeat;

/** A sender that repeats itself for ever must not fill the log. */
export const maxRepeatsRecorded = 16;

/** A second `RecordArrival` gives nothing: the first one stands, and the state tells its body's hash. */
export const arrival: Decider<ArrivalState, ArrivalCommand, ArrivalFact> = {
  initialState: arrivalLifecycle.initialState,
  evolve: arrivalLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'RecordArrival') {
      if (state.value !== 'absent') return [];
      const { type: _, ...data } = command;
      return arrivalLifecycle.propose(state, { type: 'EventArrived', data });
    }
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such arrival');
    const { arrivalId, repeats } = state.context;
    if (repeats >= maxRepeatsRecorded) return [];
    const { sameBody, remote } = command;
    const data = { arrivalId, sameBody, remote };
    return arrivalLifecycle.propose(state, { type: 'DeliveryRepeated', data });
  },
};
