import { defaultRetryPolicy, type RetryOverride, type RetryPolicy } from '../retry-policy.ts';

const given = (override: RetryOverride | undefined): object =>
  Object.fromEntries(Object.entries(override ?? {}).filter(([, value]) => value !== undefined));

/** Member by member: what the trigger says, else what the function says, else the default. */
export const resolvePolicy = (
  ofFunction: RetryOverride | undefined,
  ofTrigger: RetryOverride | undefined,
): RetryPolicy => ({ ...defaultRetryPolicy, ...given(ofFunction), ...given(ofTrigger) });
