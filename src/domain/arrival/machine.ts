import { assign, setup } from 'xstate';
import type { Fact } from '../events.ts';

export type ArrivalFact = Fact<
  'EventArrived' | 'DeliveryRepeated' | 'EventWithheld' | 'TicksMissed' | 'TickSkipped'
>;

interface ArrivalContext {
  readonly arrivalId: string;
  readonly bodySha256: string;
  /** Repetitions on record. */
  readonly repeats: number;
  /** Whether it is on record which triggers were passed over. */
  readonly withheld: boolean;
  /** Of planned instants at which nothing arrived: the last one. */
  readonly passedTo: string | null;
}

const context: ArrivalContext = {
  arrivalId: '',
  bodySha256: '',
  repeats: 0,
  withheld: false,
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
          actions: assign(({ event: { data } }) => ({
            arrivalId: data.arrivalId,
            bodySha256: data.bodySha256,
          })),
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
        EventWithheld: { actions: assign(() => ({ withheld: true })) },
      },
    },
    passed: {},
  },
});
