import { assign, setup } from 'xstate';
import type { DataOf, Fact } from '../events.ts';

export type TriggerFact = Fact<
  | 'TriggerRegistered'
  | 'TriggerRevised'
  | 'TriggerPaused'
  | 'TriggerResumed'
  | 'TriggerSuspended'
  | 'TriggerRetired'
  | 'TriggerSecretsResealed'
>;

type TriggerContext = Readonly<DataOf<'TriggerRegistered'>>;

const context: TriggerContext = {
  triggerId: '',
  version: 0,
  name: '',
  description: null,
  functionId: '',
  executionType: '',
  triggerMetadata: {},
  isSystem: false,
};

const trigger = setup({
  types: {
    context: {} as TriggerContext,
    events: {} as TriggerFact,
    tags: {} as 'accepting' | 'live',
  },
});

const revised = ({ event }: { readonly event: Fact<'TriggerRevised'> }) => event.data;
const resealed = ({ event }: { readonly event: Fact<'TriggerSecretsResealed'> }) => event.data;

/**
 * A registration that binds one function to a kind of source. Only an active one takes new events;
 * what was accepted before waits while it is paused (by a person) or suspended (by the system).
 */
export const triggerMachine = trigger.createMachine({
  id: 'trigger',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: {
        TriggerRegistered: { target: 'active', actions: assign(({ event }) => event.data) },
      },
    },
    active: {
      tags: ['accepting', 'live'],
      on: {
        TriggerRevised: { actions: assign(revised) },
        TriggerSecretsResealed: { actions: assign(resealed) },
        TriggerRetired: { target: 'retired' },
        TriggerPaused: { target: 'paused' },
        TriggerSuspended: { target: 'suspended' },
      },
    },
    paused: {
      tags: ['live'],
      on: {
        TriggerRevised: { actions: assign(revised) },
        TriggerSecretsResealed: { actions: assign(resealed) },
        TriggerRetired: { target: 'retired' },
        TriggerResumed: { target: 'active' },
      },
    },
    suspended: {
      tags: ['live'],
      on: {
        TriggerRevised: { actions: assign(revised) },
        TriggerSecretsResealed: { actions: assign(resealed) },
        TriggerRetired: { target: 'retired' },
        TriggerPaused: { target: 'paused' },
        TriggerResumed: { target: 'active' },
      },
    },
    retired: {},
  },
});
