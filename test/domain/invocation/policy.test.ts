import { expect, it } from 'vitest';
import { resolvePolicy } from '../../../src/domain/invocation/policy.ts';
import { defaultRetryPolicy } from '../../../src/domain/retry-policy.ts';

it('lets the trigger win over the function, and the function over the default, member by member', () => {
  expect(
    resolvePolicy({ maxAttempts: 2, multiplier: 3 }, { maxAttempts: 7, retryStatuses: [] }),
  ).toEqual({ ...defaultRetryPolicy, maxAttempts: 7, multiplier: 3, retryStatuses: [] });
  expect(resolvePolicy(undefined, undefined)).toEqual(defaultRetryPolicy);
  expect(resolvePolicy({ maxAttempts: 2 }, { maxAttempts: undefined }).maxAttempts).toBe(2);
});
