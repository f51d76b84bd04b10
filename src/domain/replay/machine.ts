import { assign, setup } from 'xstate';
import type { Fact } from '../events.ts';

export type ReplayFact = Fact<
  | 'ReplayRequested'
  | 'ReplayCountBegun'
  | 'ReplayCounted'
  | 'ReplayAdvanced'
  | 'ReplayPaused'
  | 'ReplayResumed'
  | 'ReplayCompleted'
  | 'ReplayCancelled'
  | 'ReplayFailed'
>;

interface ReplayContext {
  readonly replayId: string;
  /** Everything up to there has been delivered again, or passed over with a reason. */
  readonly position: string;
}

const context: ReplayContext = { replayId: '', position: '' };

/** History delivered again: counted first, then arrival after arrival up to an end fixed at the start. */
export const replayMachine = setup({
  types: { context: {} as ReplayContext, events: {} as ReplayFact, tags: {} as 'ended' },
}).createMachine({
  id: 'replay',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: {
        ReplayRequested: {
          target: 'requested',
          actions: assign(({ event }) => ({ replayId: event.data.replayId })),
        },
      },
    },
    requested: {
      on: {
        ReplayCountBegun: { target: 'counting' },
        ReplayCancelled: { target: 'cancelled' },
        ReplayFailed: { target: 'failed' },
      },
    },
    counting: {
      on: {
        ReplayCounted: { target: 'running' },
        ReplayCancelled: { target: 'cancelled' },
        ReplayFailed: { target: 'failed' },
      },
    },
    running: {
      on: {
        ReplayAdvanced: { actions: assign(({ event }) => ({ position: event.data.upTo })) },
        ReplayPaused: { target: 'paused' },
        ReplayCompleted: { target: 'completed' },
        ReplayCancelled: { target: 'cancelled' },
        ReplayFailed: { target: 'failed' },
      },
    },
    paused: {
      on: {
        ReplayResumed: { target: 'running' },
        ReplayCancelled: { target: 'cancelled' },
        ReplayFailed: { target: 'failed' },
      },
    },
    completed: { tags: ['ended'] },
    cancelled: { tags: ['ended'] },
    failed: { tags: ['ended'] },
  },
});
