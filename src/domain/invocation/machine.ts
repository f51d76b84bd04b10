import { assign, setup } from 'xstate';
import type { Fact } from '../events.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../retry-policy.ts';

export type InvocationFact = Fact<
  | 'InvocationQueued'
  | 'InvocationStarted'
  | 'InvocationSucceeded'
  | 'InvocationFailed'
  | 'AttemptLost'
  | 'InvocationDeadLettered'
  | 'InvocationCancelled'
  | 'InvocationRetried'
>;

interface InvocationContext {
  readonly invocationId: string;
  readonly triggerId: string;
  readonly functionId: string;
  readonly policy: RetryPolicy;
  /** The number of the last attempt started. */
  readonly attempt: number;
  readonly attemptId: string | null;
  /** Attempts that ended and count against the limit; one cut short by a shutdown does not. */
  readonly used: number;
  /** How often an operator had it repeated after its end. */
  readonly retries: number;
}

const context: InvocationContext = {
  invocationId: '',
  triggerId: '',
  functionId: '',
  policy: defaultRetryPolicy,
  attempt: 0,
  attemptId: null,
  used: 0,
  retries: 0,
};

const invocation = setup({
  types: {
    context: {} as InvocationContext,
    events: {} as InvocationFact,
    tags: {} as 'ended',
  },
});

const startOf = ({ attempt, attemptId }: Fact<'InvocationStarted'>['data']) => ({
  attempt,
  attemptId,
});

/** Not final for XState: an operator may still ask for a repetition, which changes no outcome. */
const ended = invocation.createStateConfig({
  tags: ['ended'],
  on: {
    InvocationRetried: { actions: assign(({ context }) => ({ retries: context.retries + 1 })) },
  },
});

/** One intended call of one function: attempts until exactly one outcome. */
export const invocationMachine = invocation.createMachine({
  id: 'invocation',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: {
        InvocationQueued: {
          target: 'queued',
          actions: assign(({ event: { data } }) => ({
            invocationId: data.invocationId,
            triggerId: data.triggerId,
            functionId: data.functionId,
            policy: data.policy,
          })),
        },
      },
    },
    queued: {
      on: {
        InvocationStarted: {
          target: 'running',
          actions: assign(({ event }) => startOf(event.data)),
        },
        InvocationDeadLettered: { target: 'dead' },
        InvocationCancelled: { target: 'cancelled' },
      },
    },
    running: {
      on: {
        InvocationSucceeded: { target: 'succeeded' },
        InvocationFailed: {
          target: 'waiting',
          actions: assign(({ context, event }) => ({
            used: context.used + (event.data.failure.kind === 'shutdown' ? 0 : 1),
          })),
        },
        AttemptLost: {
          target: 'waiting',
          actions: assign(({ context }) => ({ used: context.used + 1 })),
        },
        InvocationDeadLettered: { target: 'dead' },
        InvocationCancelled: { target: 'cancelled' },
      },
    },
    waiting: {
      on: {
        InvocationStarted: {
          target: 'running',
          actions: assign(({ event }) => startOf(event.data)),
        },
        InvocationDeadLettered: { target: 'dead' },
        InvocationCancelled: { target: 'cancelled' },
      },
    },
    succeeded: ended,
    dead: ended,
    cancelled: ended,
  },
});
