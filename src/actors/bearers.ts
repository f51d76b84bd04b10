import type { ClaimState } from '../domain/claim/decider.ts';
import type { ClaimedName } from '../domain/claim/machine.ts';
import { functionClaims } from '../domain/function/claims.ts';
import type { FunctionState } from '../domain/function/decider.ts';
import { triggerClaims } from '../domain/trigger/claims.ts';
import { isLive, type TriggerState } from '../domain/trigger/decider.ts';
import type { Actors } from './actors.ts';
import { functionAddress, triggerAddress } from './addresses.ts';

/** What a function bears now. */
export const functionNames = ({ value, context }: FunctionState): readonly ClaimedName[] =>
  value === 'active' ? functionClaims(context) : [];

/** What a trigger bears now. */
export const triggerNames = (state: TriggerState): readonly ClaimedName[] =>
  isLive(state) ? triggerClaims(state.context) : [];

export const isAmong = (names: readonly ClaimedName[], { kind, name }: ClaimedName): boolean =>
  names.some((own) => own.kind === kind && own.name === name);

export interface Bearing {
  readonly bears: boolean;
  /** What is retired never will again. */
  readonly isRetired: boolean;
}

/** Whether the holder of a claim bears the name, by its own stream. */
export const bearingOf = async (
  actors: Actors,
  claimed: ClaimState['context'],
): Promise<Bearing> => {
  const { kind, holder } = claimed;
  if (kind === 'function-name') {
    const { state } = await actors.read(functionAddress(holder));
    return { bears: isAmong(functionNames(state), claimed), isRetired: state.value === 'retired' };
  }
  const { state } = await actors.read(triggerAddress(holder));
  return { bears: isAmong(triggerNames(state), claimed), isRetired: state.value === 'retired' };
};
