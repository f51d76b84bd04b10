import { z } from 'zod';
import { RetryOverride } from '../domain/retry-policy.ts';

const positive = z.int('must be a positive integer').min(1, 'must be a positive integer');

export const Concurrency = positive.max(10_000, 'must be at most 10000');
export const QueueCapacity = positive.max(1_000_000, 'must be at most 1000000');

/** Members of every kind's metadata. */
export const commonConfig = {
  params: z.record(z.string(), z.json(), 'must be an object').optional(),
  retry: RetryOverride.optional(),
  timeoutMs: positive.max(3_600_000, 'must be at most 3600000').optional(),
};
