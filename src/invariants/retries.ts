import type { DataOf, Recorded } from '../domain/events.ts';
import type { Failure } from '../domain/facts/failure.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

type Policy = DataOf<'InvocationQueued'>['policy'];

const hourMs = 3_600_000;
/** A decision and its envelope each read the clock, one right after the other. */
const betweenReadingsMs = 1_000;
type Failing = Pick<Failure, 'kind' | 'status'>;

const finalKinds: ReadonlySet<Failure['kind']> = new Set([
  'gone',
  'redirect',
  'blocked-address',
  'secret-unreadable',
  'function-not-found',
  'payload-forgotten',
]);

/** Other 4xx are final, redirects are not followed. */
const isFinalStatus = (status: number, { retryStatuses }: Policy): boolean =>
  status < 500 && status >= 300 && !retryStatuses.includes(status);

const isFinal = ({ kind, status }: Failing, policy: Policy): boolean =>
  finalKinds.has(kind) || (kind === 'status' && status !== null && isFinalStatus(status, policy));

type Reason = DataOf<'InvocationDeadLettered'>['reason'];

/** Earlier releases told of a lost attempt, where it was the last one, as of any other that failed. */
const deathsOf = (failure: Failing, policy: Policy): readonly Reason[] => {
  const { kind } = failure;
  if (kind === 'gone' || kind === 'function-not-found' || kind === 'payload-forgotten')
    return [kind];
  if (failure.kind === 'lost') return ['attempt-lost', 'attempts-exhausted'];
  return [isFinal(failure, policy) ? 'not-retryable' : 'attempts-exhausted'];
};

/** What only happens where no attempt is left. */
const ofNoneLeft: ReadonlySet<Reason> = new Set(['attempts-exhausted', 'attempt-lost']);

/** The most the schedule says after that many failures. */
const scheduleMs = ({ initialDelayMs, multiplier, maxDelayMs }: Policy, failures: number): number =>
  Math.min(maxDelayMs, initialDelayMs * multiplier ** Math.max(0, failures - 1));

/**
 * A failed attempt is followed by another only where the failure is one that may pass and attempts
 * are left, at a time between the failure and the bound; and what dies does so for its reason.
 */
export const retries: DefineInvariant = ({ invocations }) => {
  const inTime = (
    { data, metadata }: Recorded<'InvocationFailed' | 'AttemptLost'>,
    mostMs: number,
    demand: Demand,
  ): void => {
    const delayMs = Date.parse(data.retryAt) - Date.parse(metadata.occurredAt);
    const otherwise = `${data.invocationId} is tried again after ${delayMs} ms, not 0 to ${mostMs}`;
    demand(delayMs >= -betweenReadingsMs && delayMs <= mostMs, otherwise);
  };

  const fail = (event: Recorded<'InvocationFailed'>, demand: Demand): void => {
    const { invocationId, failure } = event.data;
    const invocation = invocations.open.get(invocationId);
    if (invocation === undefined) return;
    const { policy } = invocation.queued;
    const { kind, status } = failure;
    const isFree = kind === 'shutdown';
    const used = invocation.used + 1;
    const isLeft = isFree || used < policy.maxAttempts;
    demand(isLeft, `${invocationId} failed for the last time and is not dead`);
    demand(!isFinal(failure, policy), `${invocationId} is tried again after ${kind} ${status}`);
    inTime(event, isFree ? 0 : Math.max(2 * scheduleMs(policy, used), hourMs), demand);
  };

  const lose = (event: Recorded<'AttemptLost'>, demand: Demand): void => {
    const invocation = invocations.open.get(event.data.invocationId);
    if (invocation === undefined) return;
    inTime(event, scheduleMs(invocation.queued.policy, invocation.used + 1), demand);
  };

  const die = ({ data }: Recorded<'InvocationDeadLettered'>, demand: Demand): void => {
    const { invocationId, reason, failure } = data;
    const invocation = invocations.open.get(invocationId);
    if (invocation === undefined) return;
    const { policy } = invocation.queued;
    const expected = deathsOf(failure, policy);
    demand(
      expected.includes(reason),
      `${invocationId} died of ${reason}, not of ${expected.join(' or ')}`,
    );
    const used = invocation.used + (invocation.running === undefined ? 0 : 1);
    const isOver = !ofNoneLeft.has(reason) || used >= policy.maxAttempts;
    demand(isOver, `${invocationId} died after ${used} of ${policy.maxAttempts} attempts`);
  };

  return {
    on: {
      InvocationFailed: fail,
      AttemptLost: lose,
      InvocationDeadLettered: die,
      InvocationSucceeded({ data: { invocationId, answer } }, demand) {
        const isSuccess = answer.status >= 200 && answer.status < 300;
        demand(isSuccess, `${invocationId} succeeded with status ${answer.status}`);
      },
    },
  };
};
