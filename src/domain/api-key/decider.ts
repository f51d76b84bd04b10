import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf } from '../events.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type ApiKeyFact, apiKeyMachine } from './machine.ts';

export const apiKeyLifecycle = lifecycleOf(apiKeyMachine);
export type ApiKeyState = LifecycleStateOf<typeof apiKeyLifecycle>;

export type IssueApiKey = { readonly type: 'IssueApiKey' } & Readonly<DataOf<'ApiKeyIssued'>>;
export interface RevokeApiKey {
  readonly type: 'RevokeApiKey';
}
export type ApiKeyCommand = IssueApiKey | RevokeApiKey;

const { propose } = apiKeyLifecycle;

/** A key never changes: other rights mean another key. */
export const apiKey: Decider<ApiKeyState, ApiKeyCommand, ApiKeyFact> = {
  initialState: apiKeyLifecycle.initialState,
  evolve: apiKeyLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'IssueApiKey') {
      if (state.value === 'active') return [];
      const { type: _, ...data } = command;
      return propose(state, { type: 'ApiKeyIssued', data });
    }
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such API key');
    if (state.value === 'revoked') return [];
    const { keyId } = state.context;
    return propose(state, { type: 'ApiKeyRevoked', data: { keyId } });
  },
};
