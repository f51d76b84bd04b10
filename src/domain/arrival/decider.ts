import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf, Fact } from '../events.ts';
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
/** Some of the triggers it concerns did not run; the router knows which, as of the event. */
export type WithholdEvent = { readonly type: 'WithholdEvent' } & Readonly<
  Omit<DataOf<'EventWithheld'>, 'arrivalId'>
>;
/** Nothing arrives at planned instants, the first of which names this stream. */
export interface PassTicks {
  readonly type: 'PassTicks';
  readonly passed: Fact<'TicksMissed' | 'TickSkipped'>;
}
export type ArrivalCommand = RecordArrival | NoteRepeat | WithholdEvent | PassTicks;

/** A sender that repeats itself for ever must not fill the log. */
export const maxRepeatsRecorded = 16;

/** A second `RecordArrival` gives nothing: the first one stands, and the state tells its body's hash. */
export const arrival: Decider<ArrivalState, ArrivalCommand, ArrivalFact> = {
  initialState: arrivalLifecycle.initialState,
  evolve: arrivalLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'RecordArrival') {
      if (state.value !== 'absent') return [];
      // Member by member: copying with rest costs ten times as much on the hot path.
      const { arrivalId, source, deliveryId, request, verification, body, bodySha256 } = command;
      const data = { arrivalId, source, deliveryId, request, verification, body, bodySha256 };
      return arrivalLifecycle.propose(state, { type: 'EventArrived', data });
    }
    if (command.type === 'PassTicks') {
      return state.value === 'absent' ? arrivalLifecycle.propose(state, command.passed) : [];
    }
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such arrival');
    const { arrivalId, repeats, withheld } = state.context;
    if (command.type === 'WithholdEvent') {
      if (withheld) return [];
      const { triggers, total } = command;
      const data = { arrivalId, triggers, total };
      return arrivalLifecycle.propose(state, { type: 'EventWithheld', data });
    }
    if (repeats >= maxRepeatsRecorded) return [];
    const { sameBody, remote } = command;
    const data = { arrivalId, sameBody, remote };
    return arrivalLifecycle.propose(state, { type: 'DeliveryRepeated', data });
  },
};
