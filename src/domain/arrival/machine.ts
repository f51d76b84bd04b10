import { assign, setup } from 'xstate';
import type { Fact } from '../events.ts';

export type ArrivalFact = Fact<'EventArrived' | 'DeliveryRepeated'>;

interface ArrivalContext {
  readonly arrivalId: string;
  readonly bodySha256: string;
  /** Repetitions on record. */
  readonly repeats: number;
}

const context: ArrivalContext = { arrivalId: '', bodySha256: '', repeats: 0 };

/** One event as it came in. It arrives once; the sender may repeat itself. */
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
      },
    },
    arrived: {
      on: {
        DeliveryRepeated: {
          actions: assign(({ context }) => ({ repeats: context.repeats + 1 })),
        },
      },
    },
  },
});
