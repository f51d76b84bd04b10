import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf } from '../events.ts';
import type { KeptFailure } from '../facts/failure.ts';
import type { DeathReason } from '../facts/invocation-facts.ts';
import { retryIdOf } from '../ids.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { retryDelay } from './backoff.ts';
import type {
  AttemptClaim,
  CancelInvocation,
  EndOfAttempt,
  InvocationCommand,
  LoseAttempt,
  QueueInvocation,
  RecordOutcome,
  RetryInvocation,
  StartAttempt,
} from './commands.ts';
import { type InvocationFact, invocationMachine } from './machine.ts';
import { type KeptOutcome, unanswered, verdictOn } from './outcome.ts';

export const invocationLifecycle = lifecycleOf(invocationMachine);
export type InvocationState = LifecycleStateOf<typeof invocationLifecycle>;

type Facts = readonly InvocationFact[];
const { propose, hasTag } = invocationLifecycle;

export const hasEnded = (state: InvocationState): boolean => hasTag(state, 'ended');

const lost = unanswered(
  'lost',
  'the process that ran the attempt is gone; the target may have been called',
);

const mustExist = (state: InvocationState): void => {
  if (state.value === 'absent') throw new TriplineError('not-found', 'no such invocation');
};

const identity = ({ context: { invocationId, triggerId } }: InvocationState) => ({
  invocationId,
  triggerId,
});

/** A late or foreign result is nobody's any more. */
const isRunning = (state: InvocationState, { attempt, attemptId }: EndOfAttempt): boolean =>
  state.value === 'running' &&
  state.context.attempt === attempt &&
  state.context.attemptId === attemptId;

const after = (now: string, delayMs: number): string =>
  new Date(Date.parse(now) + delayMs).toISOString();

/** Member by member: copying with rest costs ten times as much on the hot path. */
const whatIsQueued = (command: QueueInvocation): DataOf<'InvocationQueued'> => ({
  invocationId: command.invocationId,
  triggerId: command.triggerId,
  functionId: command.functionId,
  arrivalId: command.arrivalId,
  triggerVersion: command.triggerVersion,
  orderingKey: command.orderingKey,
  policy: command.policy,
  timeoutMs: command.timeoutMs,
  retryOf: command.retryOf,
  ...(command.pinnedTo !== undefined && { pinnedTo: command.pinnedTo }),
  ...(command.replay !== undefined && { replay: command.replay }),
});

const whatIsStarted = (
  { invocationId, triggerId }: ReturnType<typeof identity>,
  attempt: number,
  { attemptId, claimedBy, leaseUntil, versions }: AttemptClaim,
): DataOf<'InvocationStarted'> =>
  versions === undefined
    ? { invocationId, triggerId, attempt, attemptId, claimedBy, leaseUntil }
    : { invocationId, triggerId, attempt, attemptId, claimedBy, leaseUntil, versions };

const queue = (command: QueueInvocation, state: InvocationState): Facts => {
  if (state.value !== 'absent') return [];
  const { start, cancel } = command;
  const data = whatIsQueued(command);
  const queued = { type: 'InvocationQueued', data } as const;
  const { invocationId, triggerId } = data;
  if (cancel !== undefined) {
    const cancelled = { invocationId, triggerId, attempt: 0, reason: cancel };
    return propose(state, queued, { type: 'InvocationCancelled', data: cancelled });
  }
  if (start === null) return propose(state, queued);
  return propose(state, queued, {
    type: 'InvocationStarted',
    data: whatIsStarted({ invocationId, triggerId }, 1, start),
  });
};

const startAttempt = (command: StartAttempt, state: InvocationState): Facts => {
  mustExist(state);
  if (state.value === 'running' && state.context.attemptId === command.attemptId) return [];
  const attempt = state.context.attempt + 1;
  const data = whatIsStarted(identity(state), attempt, command);
  return propose(state, { type: 'InvocationStarted', data });
};

const deadLetter = (
  state: InvocationState,
  reason: DeathReason,
  failure: KeptFailure,
  durationMs: number | null,
) =>
  ({
    type: 'InvocationDeadLettered',
    data: {
      ...identity(state),
      functionId: state.context.functionId,
      attempt: state.context.attempt,
      durationMs,
      reason,
      failure,
    },
  }) as const;

const recordFailure = (
  { attempt, attemptId, now, random }: RecordOutcome,
  { durationMs, failure, retryAfterMs }: Extract<KeptOutcome, { ok: false }>,
  state: InvocationState,
): Facts => {
  const { policy, used } = state.context;
  const failedUntil = (retryAt: string): Facts =>
    propose(state, {
      type: 'InvocationFailed',
      data: { ...identity(state), attempt, attemptId, durationMs, failure, retryAt },
    });
  const verdict = verdictOn(failure, policy.retryStatuses);
  if (verdict === 'interrupted') return failedUntil(now);
  if (verdict === 'retry' && used + 1 < policy.maxAttempts) {
    return failedUntil(after(now, retryDelay(policy, used + 1, random, retryAfterMs)));
  }
  const reason = verdict === 'retry' ? 'attempts-exhausted' : verdict;
  return propose(state, deadLetter(state, reason, failure, durationMs));
};

const recordOutcome = (command: RecordOutcome, state: InvocationState): Facts => {
  if (!isRunning(state, command)) return [];
  const { attempt, attemptId, outcome } = command;
  if (!outcome.ok) return recordFailure(command, outcome, state);
  const { durationMs, answer } = outcome;
  const { invocationId, triggerId } = state.context;
  return propose(state, {
    type: 'InvocationSucceeded',
    data: { invocationId, triggerId, attempt, attemptId, durationMs, answer },
  });
};

const loseAttempt = (command: LoseAttempt, state: InvocationState): Facts => {
  if (!isRunning(state, command)) return [];
  const { attempt, attemptId, now, random } = command;
  const { policy, used } = state.context;
  const left = used + 1 < policy.maxAttempts;
  const retryAt = left ? after(now, retryDelay(policy, used + 1, random, null)) : now;
  const data = { ...identity(state), attempt, attemptId, retryAt };
  const fact = { type: 'AttemptLost', data } as const;
  if (left) return propose(state, fact);
  return propose(state, fact, deadLetter(state, 'attempt-lost', lost, null));
};

const cancel = ({ reason, unlessRunning }: CancelInvocation, state: InvocationState): Facts => {
  mustExist(state);
  if (state.value === 'cancelled' || (unlessRunning && state.value === 'running')) return [];
  const data = { ...identity(state), attempt: state.context.attempt, reason };
  return propose(state, { type: 'InvocationCancelled', data });
};

const retry = ({ repeats }: RetryInvocation, state: InvocationState): Facts => {
  mustExist(state);
  if (!hasEnded(state)) {
    throw new TriplineError('conflict', `the invocation is ${state.value} and has not ended`);
  }
  const { invocationId, retries } = state.context;
  const retriedAs = retryIdOf(invocationId, retries + 1);
  const data = { ...identity(state), retriedAs, ...(repeats !== undefined && { repeats }) };
  return propose(state, { type: 'InvocationRetried', data });
};

export const invocation: Decider<InvocationState, InvocationCommand, InvocationFact> = {
  initialState: invocationLifecycle.initialState,
  evolve: invocationLifecycle.evolve,
  decide(command, state) {
    switch (command.type) {
      case 'QueueInvocation':
        return queue(command, state);
      case 'StartAttempt':
        return startAttempt(command, state);
      case 'RecordOutcome':
        return recordOutcome(command, state);
      case 'LoseAttempt':
        return loseAttempt(command, state);
      case 'AbandonInvocation':
        mustExist(state);
        if (hasEnded(state)) return [];
        return propose(state, deadLetter(state, command.reason, command.failure, null));
      case 'CancelInvocation':
        return cancel(command, state);
      case 'RetryInvocation':
        return retry(command, state);
    }
  },
};
