import type { ClaimState } from '../domain/claim/decider.ts';
import type { ClaimedName } from '../domain/claim/machine.ts';
import { functionClaims } from '../domain/function/claims.ts';
import { triggerClaims } from '../domain/trigger/claims.ts';
import { isLive } from '../domain/trigger/decider.ts';
import type { Actors } from './actors.ts';
import { functionAddress, triggerAddress } from './addresses.ts';

export type Bearing = 'bears' | 'bears-not' | 'retired';

const among = (names: readonly ClaimedName[], { kind, name }: ClaimedName): Bearing =>
  names.some((own) => own.kind === kind && own.name === name) ? 'bears' : 'bears-not';

const ofFunction = async (actors: Actors, claimed: ClaimState['context']): Promise<Bearing> => {
  const { state } = await actors.read(functionAddress(claimed.holder));
  if (state.value === 'retired') return 'retired';
  return state.value === 'absent' ? 'bears-not' : among(functionClaims(state.context), claimed);
};

const ofTrigger = async (actors: Actors, claimed: ClaimState['context']): Promise<Bearing> => {
  const { state } = await actors.read(triggerAddress(claimed.holder));
  if (state.value === 'retired') return 'retired';
  return isLive(state) ? among(triggerClaims(state.context), claimed) : 'bears-not';
};

/** Whether the holder of a claim bears the name, by its own stream. */
export const bearingOf = (actors: Actors, claimed: ClaimState['context']): Promise<Bearing> =>
  claimed.kind === 'function-name' ? ofFunction(actors, claimed) : ofTrigger(actors, claimed);
