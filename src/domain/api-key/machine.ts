import { assign, setup } from 'xstate';
import type { DataOf, Fact } from '../events.ts';

export type ApiKeyFact = Fact<'ApiKeyIssued' | 'ApiKeyRevoked'>;

type ApiKeyContext = Readonly<DataOf<'ApiKeyIssued'>>;

const context: ApiKeyContext = {
  keyId: '',
  name: '',
  scopes: [],
  expiresAt: null,
  secretSha256: '',
};

/** A credential of a machine. That its time is over is no fact: whoever checks it looks at the clock. */
export const apiKeyMachine = setup({
  types: { context: {} as ApiKeyContext, events: {} as ApiKeyFact },
}).createMachine({
  id: 'api-key',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: { ApiKeyIssued: { target: 'active', actions: assign(({ event }) => event.data) } },
    },
    active: {
      on: { ApiKeyRevoked: { target: 'revoked' } },
    },
    revoked: {},
  },
});
