import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf } from '../events.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type ReplayFact, replayMachine } from './machine.ts';

export const replayLifecycle = lifecycleOf(replayMachine);
export type ReplayState = LifecycleStateOf<typeof replayLifecycle>;

/** For an id nobody had before; a repetition is harmless. */
export type RequestReplay = { readonly type: 'RequestReplay' } & Readonly<
  DataOf<'ReplayRequested'>
>;
export interface BeginCount {
  readonly type: 'BeginCount';
}
export type FinishCount = { readonly type: 'FinishCount' } & Readonly<
  Omit<DataOf<'ReplayCounted'>, 'replayId'>
>;
/** All up to there has been dealt with. */
export type AdvanceReplay = { readonly type: 'AdvanceReplay' } & Readonly<
  Omit<DataOf<'ReplayAdvanced'>, 'replayId'>
>;
export interface PauseReplay {
  readonly type: 'PauseReplay';
}
export interface ResumeReplay {
  readonly type: 'ResumeReplay';
}
export interface CompleteReplay {
  readonly type: 'CompleteReplay';
}
export interface CancelReplay {
  readonly type: 'CancelReplay';
  readonly reason: string;
}
export interface FailReplay {
  readonly type: 'FailReplay';
  readonly reason: string;
}
/** What its runner says of it, which may come after somebody has paused or cancelled it. */
type Progress = BeginCount | FinishCount | AdvanceReplay | CompleteReplay | FailReplay;
export type ReplayCommand = RequestReplay | PauseReplay | ResumeReplay | CancelReplay | Progress;

const { propose, can, hasTag } = replayLifecycle;

const factOf = (replayId: string, command: Progress): ReplayFact => {
  switch (command.type) {
    case 'BeginCount':
      return { type: 'ReplayCountBegun', data: { replayId } };
    case 'FinishCount': {
      const { type: _, ...counted } = command;
      return { type: 'ReplayCounted', data: { replayId, ...counted } };
    }
    case 'AdvanceReplay': {
      const { type: _, ...advanced } = command;
      return { type: 'ReplayAdvanced', data: { replayId, ...advanced } };
    }
    case 'CompleteReplay':
      return { type: 'ReplayCompleted', data: { replayId } };
    case 'FailReplay':
      return { type: 'ReplayFailed', data: { replayId, reason: command.reason } };
  }
};

/** What people ask; asked again, it has been done. */
const wished = (
  command: PauseReplay | ResumeReplay | CancelReplay,
  replayId: string,
): { readonly done: ReplayState['value']; readonly fact: ReplayFact } => {
  switch (command.type) {
    case 'PauseReplay':
      return { done: 'paused', fact: { type: 'ReplayPaused', data: { replayId } } };
    case 'ResumeReplay':
      return { done: 'running', fact: { type: 'ReplayResumed', data: { replayId } } };
    case 'CancelReplay': {
      const data = { replayId, reason: command.reason };
      return { done: 'cancelled', fact: { type: 'ReplayCancelled', data } };
    }
  }
};

export const replay: Decider<ReplayState, ReplayCommand, ReplayFact> = {
  initialState: replayLifecycle.initialState,
  evolve: replayLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'RequestReplay') {
      const { replayId, order } = command;
      if (state.value !== 'absent') return [];
      return propose(state, { type: 'ReplayRequested', data: { replayId, order } });
    }
    if (state.value === 'absent') throw new TriplineError('not-found', 'no such replay');
    const { replayId } = state.context;
    switch (command.type) {
      case 'PauseReplay':
      case 'ResumeReplay':
      case 'CancelReplay': {
        const { done, fact } = wished(command, replayId);
        return state.value === done ? [] : propose(state, fact);
      }
      default: {
        const fact = factOf(replayId, command);
        const isKnown = command.type === 'AdvanceReplay' && command.upTo <= state.context.position;
        return can(state, fact) && !isKnown ? [fact] : [];
      }
    }
  },
};

export const isReplayOver = (state: ReplayState): boolean => hasTag(state, 'ended');
