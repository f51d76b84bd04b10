import { assign, setup } from 'xstate';
import type { DataOf, Fact } from '../events.ts';

export type ClaimFact = Fact<'NameClaimed' | 'NameReleased'>;
export type ClaimedName = Readonly<Pick<DataOf<'NameClaimed'>, 'kind' | 'name'>>;

type ClaimContext = Readonly<DataOf<'NameClaimed'>>;

const context: ClaimContext = { kind: 'trigger-name', name: '', holder: '' };

/** A name within a workspace, which one entity at a time may hold. */
export const claimMachine = setup({
  types: { context: {} as ClaimContext, events: {} as ClaimFact },
}).createMachine({
  id: 'claim',
  context,
  initial: 'free',
  states: {
    free: {
      on: { NameClaimed: { target: 'held', actions: assign(({ event }) => event.data) } },
    },
    held: {
      on: { NameReleased: { target: 'free' } },
    },
  },
});
