import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf } from '../events.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type FunctionFact, functionMachine } from './machine.ts';

export const functionLifecycle = lifecycleOf(functionMachine);
export type FunctionState = LifecycleStateOf<typeof functionLifecycle>;

type Definition = Readonly<DataOf<'FunctionRegistered'>>;

export type RegisterFunction = { readonly type: 'RegisterFunction' } & Omit<Definition, 'version'>;
/** Whole new values; what is left out stays as it is. Every revision is a new version. */
export type ReviseFunction = { readonly type: 'ReviseFunction' } & Partial<
  Omit<Definition, 'version' | 'functionId'>
>;
export interface RetireFunction {
  readonly type: 'RetireFunction';
}
/** The same secrets sealed anew; to be asked at the revision they were taken from. */
export type ResealFunction = { readonly type: 'ResealFunction' } & Pick<
  Definition,
  'signingSecret' | 'previousSecret'
>;
export type FunctionCommand = RegisterFunction | ReviseFunction | RetireFunction | ResealFunction;

const { propose } = functionLifecycle;

export const functionDecider: Decider<FunctionState, FunctionCommand, FunctionFact> = {
  initialState: functionLifecycle.initialState,
  evolve: functionLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'RegisterFunction') {
      if (state.value === 'active') return [];
      const { type: _, ...definition } = command;
      return propose(state, { type: 'FunctionRegistered', data: { ...definition, version: 1 } });
    }
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such function');
    if (command.type === 'RetireFunction') {
      if (state.value === 'retired') return [];
      const { functionId } = state.context;
      return propose(state, { type: 'FunctionRetired', data: { functionId } });
    }
    if (command.type === 'ResealFunction') {
      if (state.value === 'retired') return [];
      const { signingSecret, previousSecret } = command;
      const { functionId } = state.context;
      const data = { functionId, signingSecret, previousSecret };
      return propose(state, { type: 'FunctionSecretsResealed', data });
    }
    const { type: _, ...changes } = command;
    const data = { ...state.context, ...changes, version: state.context.version + 1 };
    return propose(state, { type: 'FunctionRevised', data });
  },
};
