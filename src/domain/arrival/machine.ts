import { assign, setup } from 'xstate';
import type { Fact } from '../events.ts';

export type ArrivalFact = Fact<
  | 'EventArrived'
  | 'DeliveryRepeated'
  | 'PayloadForgotten'
  | 'EventWithheld'
  | 'TicksMissed'
  | 'TickSkipped'
>;

/** What the decision on an arrival leads to at once, recorded together with it. */
export type RidingFact = Fact<'InvocationQueued' | 'InvocationStarted' | 'EventWithheld'>;

interface ArrivalContext {
  readonly arrivalId: string;
  /** Repetitions on record. */
  readonly repeats: number;
  /** Whether it is on record which triggers were passed over. */
  readonly withheld: boolean;
  /** Where the facts are whose payloads were forgotten. */
  readonly forgotten: readonly string[];
  /** Of planned instants at which nothing arrived: the last one. */
  readonly passedTo: string | null;
}

const context: ArrivalContext = {
  arrivalId: '',
  repeats: 0,
  withheld: false,
  forgotten: [],
  passedTo: null,
};

/**
 * One event as it came in. It arrives once; the sender may repeat itself. The arrival at a planned
 * instant may also be passed over, and the first record says which of both it was.
 */
export const arrivalMachine = setup({
  types: { context: {} as ArrivalContext, events: {} as ArrivalFact },
}).createMachine({
  id: 'arrival',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: {
        EventArrived: {
          target: 'arrived',
          actions: assign(({ event }) => ({ arrivalId: event.data.arrivalId })),
        },
        TicksMissed: {
          target: 'passed',
          actions: assign(({ event }) => ({ passedTo: event.data.last })),
        },
        TickSkipped: {
          target: 'passed',
          actions: assign(({ event }) => ({ passedTo: event.data.scheduledAt })),
        },
      },
    },
    arrived: {
      on: {
        DeliveryRepeated: {
          actions: assign(({ context }) => ({ repeats: context.repeats + 1 })),
        },
        PayloadForgotten: {
          actions: assign(({ context, event }) => ({
            forgotten: [...context.forgotten, ...event.data.places],
          })),
        },
        EventWithheld: { actions: assign(() => ({ withheld: true })) },
      },
    },
    passed: {},
  },
});
