import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf, Fact } from '../events.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type ArrivalFact, arrivalMachine, type RidingFact } from './machine.ts';

export const arrivalLifecycle = lifecycleOf(arrivalMachine);
export type ArrivalState = LifecycleStateOf<typeof arrivalLifecycle>;

export type RecordArrival = { readonly type: 'RecordArrival' } & Readonly<
  DataOf<'EventArrived'>
> & {
    /** What it leads to, where that was decided before it is recorded. */
    readonly rides?: readonly RidingFact[] | undefined;
  };
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
/** What facts at these places name is to be gone; what is forgotten already stays so. */
export interface ForgetPayload {
  readonly type: 'ForgetPayload';
  readonly places: readonly string[];
  readonly reason: string | undefined;
}
export type ArrivalCommand = RecordArrival | NoteRepeat | WithholdEvent | PassTicks | ForgetPayload;

/** A sender that repeats itself for ever must not fill the log. */
export const maxRepeatsRecorded = 16;

/** Member by member: copying with rest costs ten times as much on the hot path. */
const whatArrived = (command: RecordArrival): DataOf<'EventArrived'> => {
  const { arrivalId, source, deliveryId, request, verification, body } = command;
  const bare = { arrivalId, source, deliveryId, request, verification, body };
  const { acceptedFor, decidedAt, sent, trace } = command;
  const data = sent === undefined ? bare : { ...bare, sent };
  const promised = acceptedFor === undefined ? data : { ...data, acceptedFor };
  const traced = trace === undefined ? promised : { ...promised, trace };
  return decidedAt === undefined ? traced : { ...traced, decidedAt };
};

type Recorded = ArrivalFact | RidingFact;

/** Of an invocation, which goes its own way from there. */
const isOfInvocation = (
  fact: Recorded,
): fact is Extract<Recorded, { type: `Invocation${string}` }> =>
  fact.type === 'InvocationQueued' || fact.type === 'InvocationStarted';

const record = (command: RecordArrival, state: ArrivalState): readonly Recorded[] => {
  if (state.value !== 'absent') return [];
  const arrived = { type: 'EventArrived', data: whatArrived(command) } as const;
  const { rides = [] } = command;
  arrivalLifecycle.propose(state, arrived, ...rides.filter((fact) => !isOfInvocation(fact)));
  return [arrived, ...rides];
};

const forget = ({ places, reason }: ForgetPayload, state: ArrivalState): readonly Recorded[] => {
  const { arrivalId, forgotten } = state.context;
  const left = places.filter((place) => !forgotten.includes(place));
  if (left.length === 0) return [];
  const data = { arrivalId, places: left, ...(reason !== undefined && { reason }) };
  return arrivalLifecycle.propose(state, { type: 'PayloadForgotten', data });
};

/** A second `RecordArrival` gives nothing: the first one stands. */
export const arrival: Decider<ArrivalState, ArrivalCommand, Recorded> = {
  initialState: arrivalLifecycle.initialState,
  evolve: (state, fact) => (isOfInvocation(fact) ? state : arrivalLifecycle.evolve(state, fact)),
  decide(command, state) {
    if (command.type === 'RecordArrival') return record(command, state);
    if (command.type === 'PassTicks') {
      return state.value === 'absent' ? arrivalLifecycle.propose(state, command.passed) : [];
    }
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such arrival');
    if (command.type === 'ForgetPayload') return forget(command, state);
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
