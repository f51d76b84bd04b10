import type { Recorded } from '../domain/events.ts';
import { invocationStream } from '../domain/ids.ts';
import type { DefineInvariant, Demand } from './invariant.ts';
import type { OpenInvocation } from './open-invocations.ts';

type OfAttempt = Recorded<'InvocationSucceeded' | 'InvocationFailed' | 'AttemptLost'>;
type UnrunEnd = Recorded<'InvocationDeadLettered' | 'InvocationCancelled'>;

/**
 * The life of an invocation: queued once, attempts one after the other and in count, never more than
 * its policy allows (one cut short by a shutdown is free), one outcome, and nothing after it.
 */
export const lives: DefineInvariant = ({ register, invocations, remembers }) => {
  const find = (
    { data }: OfAttempt | UnrunEnd | Recorded<'InvocationStarted'>,
    demand: Demand,
  ): OpenInvocation | undefined => {
    const { invocationId, triggerId } = data;
    const found = invocations.open.get(invocationId);
    const isOver = invocations.find(invocationId) !== undefined || remembers === 'open';
    const otherwise = isOver ? 'has ended before' : 'was never queued';
    demand(found !== undefined, `${invocationId} ${otherwise}`);
    const { triggerId: owner } = found?.queued ?? data;
    demand(owner === triggerId, `${invocationId} is of ${owner}, not of ${triggerId}`);
    return found;
  };

  const queue = (event: Recorded<'InvocationQueued'>, demand: Demand): void => {
    const { entity, stream } = event;
    const { invocationId } = event.data;
    demand(invocations.find(invocationId) === undefined, `${invocationId} was queued before`);
    const name = entity ?? stream;
    demand(name === invocationStream(invocationId), `${invocationId} is recorded as ${name}`);
  };

  const start = (event: Recorded<'InvocationStarted'>, demand: Demand): void => {
    const invocation = find(event, demand);
    if (invocation === undefined) return;
    const { invocationId, attempt } = event.data;
    const { running, attempts, used, queued } = invocation;
    const { maxAttempts } = queued.policy;
    demand(running === undefined, `${invocationId} runs already, as ${running}`);
    demand(attempt === attempts + 1, `${invocationId} starts attempt ${attempt} after ${attempts}`);
    demand(used < maxAttempts, `${invocationId} has had its ${maxAttempts} attempts`);
  };

  const stop = (event: OfAttempt, demand: Demand): void => {
    const invocation = find(event, demand);
    if (invocation === undefined) return;
    const { invocationId, attempt, attemptId } = event.data;
    const isRunning = invocation.running === attemptId && invocation.attempts === attempt;
    demand(isRunning, `attempt ${attempt} (${attemptId}) of ${invocationId} does not run`);
  };

  const endUnrun = (event: UnrunEnd, demand: Demand): void => {
    const { invocationId, attempt } = event.data;
    const attempts = find(event, demand)?.attempts ?? attempt;
    demand(attempt === attempts, `${invocationId} ends at attempt ${attempt}, not ${attempts}`);
  };

  /** What was accepted waits as long as its trigger is stopped. */
  const mayWait = ({ queued, running }: OpenInvocation): boolean => {
    const status = register.triggers.get(queued.triggerId)?.status ?? 'active';
    return running === undefined && status !== 'active';
  };

  return {
    on: {
      InvocationQueued: queue,
      InvocationStarted: start,
      InvocationFailed: stop,
      AttemptLost: stop,
      InvocationSucceeded: stop,
      InvocationDeadLettered: endUnrun,
      InvocationCancelled: endUnrun,
    },
    atRest(demand) {
      for (const [invocationId, invocation] of invocations.open) {
        demand(mayWait(invocation), `${invocationId} has no outcome`);
      }
    },
  };
};
