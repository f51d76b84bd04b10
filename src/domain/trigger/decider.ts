import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import type { RegisterTrigger, ReviseTrigger, TriggerCommand } from './commands.ts';
import { type TriggerFact, triggerMachine } from './machine.ts';

export const triggerLifecycle = lifecycleOf(triggerMachine);
export type TriggerState = LifecycleStateOf<typeof triggerLifecycle>;

type Facts = readonly TriggerFact[];
const { propose, hasTag } = triggerLifecycle;

export const isLive = (state: TriggerState): boolean => hasTag(state, 'live');

const mustBeOfUser = ({ context }: TriggerState): void => {
  if (context.isSystem) {
    throw new TriplineError('forbidden', 'a system trigger cannot be changed or deleted');
  }
};

const register = ({ type: _, ...definition }: RegisterTrigger, state: TriggerState): Facts =>
  isLive(state)
    ? []
    : propose(state, { type: 'TriggerRegistered', data: { ...definition, version: 1 } });

const revise = ({ type: _, ...changes }: ReviseTrigger, state: TriggerState): Facts => {
  mustBeOfUser(state);
  const { isSystem, startFrom, ...definition } = state.context;
  const data = { ...definition, ...changes, version: definition.version + 1 };
  return propose(state, { type: 'TriggerRevised', data });
};

const retire = (state: TriggerState): Facts => {
  mustBeOfUser(state);
  if (state.value === 'retired') return [];
  return propose(state, {
    type: 'TriggerRetired',
    data: { triggerId: state.context.triggerId },
  });
};

const decideExisting = (
  command: Exclude<TriggerCommand, RegisterTrigger>,
  state: TriggerState,
): Facts => {
  const { triggerId } = state.context;
  switch (command.type) {
    case 'ReviseTrigger':
      return revise(command, state);
    case 'PauseTrigger':
      if (state.value === 'paused') return [];
      return propose(state, { type: 'TriggerPaused', data: { triggerId, reason: command.reason } });
    case 'ResumeTrigger':
      if (state.value === 'active') return [];
      return propose(state, { type: 'TriggerResumed', data: { triggerId } });
    case 'SuspendTrigger': {
      // What is paused or retired starts nothing; there is nothing left to hold back.
      if (state.value !== 'active') return [];
      const { reason, invocationId } = command;
      return propose(state, {
        type: 'TriggerSuspended',
        data: { triggerId, reason, invocationId },
      });
    }
    case 'RetireTrigger':
      return retire(state);
    case 'ResealTrigger': {
      const { triggerMetadata } = command;
      return isLive(state)
        ? propose(state, { type: 'TriggerSecretsResealed', data: { triggerId, triggerMetadata } })
        : [];
    }
  }
};

export const trigger: Decider<TriggerState, TriggerCommand, TriggerFact> = {
  initialState: triggerLifecycle.initialState,
  evolve: triggerLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'RegisterTrigger') return register(command, state);
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such trigger');
    return decideExisting(command, state);
  },
};
