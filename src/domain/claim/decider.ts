import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type ClaimedName, type ClaimFact, claimMachine } from './machine.ts';

export const claimLifecycle = lifecycleOf(claimMachine);
export type ClaimState = LifecycleStateOf<typeof claimLifecycle>;

export type ClaimName = ClaimedName & { readonly type: 'ClaimName'; readonly holder: string };
/** Harmless where somebody else holds it. */
export interface ReleaseName {
  readonly type: 'ReleaseName';
  readonly holder: string;
}
export type ClaimCommand = ClaimName | ReleaseName;

const refusalOf = ({ kind, name }: ClaimedName): TriplineError =>
  kind === 'webhook-path'
    ? new TriplineError('path-taken', `the webhook path ${name} is taken`)
    : new TriplineError('name-taken', `the name ${name} is taken`);

export const claim: Decider<ClaimState, ClaimCommand, ClaimFact> = {
  initialState: claimLifecycle.initialState,
  evolve: claimLifecycle.evolve,
  decide(command, state) {
    const heldBy = state.value === 'held' ? state.context.holder : undefined;
    if (command.type === 'ReleaseName') {
      if (heldBy !== command.holder) return [];
      return claimLifecycle.propose(state, { type: 'NameReleased', data: state.context });
    }
    if (heldBy === command.holder) return [];
    if (heldBy !== undefined) throw refusalOf(command);
    const { kind, name, holder } = command;
    return claimLifecycle.propose(state, { type: 'NameClaimed', data: { kind, name, holder } });
  },
};
