import { assign, setup } from 'xstate';
import type { DataOf, Fact } from '../events.ts';

export type FunctionFact = Fact<
  'FunctionRegistered' | 'FunctionRevised' | 'FunctionRetired' | 'FunctionSecretsResealed'
>;

type FunctionContext = Readonly<DataOf<'FunctionRegistered'>>;

const context: FunctionContext = {
  functionId: '',
  version: 0,
  name: '',
  description: null,
  target: { type: 'http', url: '' },
  timeoutMs: 1,
  concurrency: 1,
  retry: {},
  signingSecret: { value: '', encrypted: true, keyVersion: 1 },
  previousSecret: null,
  previousUntil: null,
};

/** What triggers invoke. */
export const functionMachine = setup({
  types: {
    context: {} as FunctionContext,
    events: {} as FunctionFact,
    tags: {} as 'live',
  },
}).createMachine({
  id: 'function',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: {
        FunctionRegistered: { target: 'active', actions: assign(({ event }) => event.data) },
      },
    },
    active: {
      tags: ['live'],
      on: {
        FunctionRevised: { actions: assign(({ event }) => event.data) },
        FunctionSecretsResealed: { actions: assign(({ event }) => event.data) },
        FunctionRetired: { target: 'retired' },
      },
    },
    retired: {},
  },
});
