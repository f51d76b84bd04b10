import type { RetryPolicy } from '../retry-policy.ts';

const hourMs = 3_600_000;

/** The longest delay after the `failures`-th failed attempt, counted from 1. */
export const scheduledDelay = (policy: RetryPolicy, failures: number): number =>
  Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.multiplier ** (failures - 1));

/**
 * Full jitter: anything between nothing and the scheduled delay, so that what failed together does
 * not come back together. A target that asks for a later time gets it, within an hour or twice the
 * schedule; one that asks for nonsense is not heard.
 */
export const retryDelay = (
  policy: RetryPolicy,
  failures: number,
  random: number,
  retryAfterMs: number | null,
): number => {
  const schedule = scheduledDelay(policy, failures);
  const jittered = Math.floor(schedule * random);
  const asked = Number.isFinite(retryAfterMs) ? Math.ceil(Number(retryAfterMs)) : 0;
  return Math.max(jittered, Math.min(asked, Math.max(2 * schedule, hourMs)));
};
