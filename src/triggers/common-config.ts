import { z } from 'zod';
import { RetryOverride } from '../domain/retry-policy.ts';
import { FilterForm } from './filter-form.ts';
import { PointerSelector } from './selector.ts';

const positive = z.int('must be a positive integer').min(1, 'must be a positive integer');

export const Concurrency = positive.max(10_000, 'must be at most 10000');
export const QueueCapacity = positive.max(1_000_000, 'must be at most 1000000');

/** Members of every kind's metadata. */
export const commonConfig = {
  params: z.record(z.string(), z.json(), 'must be an object').optional(),
  retry: RetryOverride.optional(),
  timeoutMs: positive.max(3_600_000, 'must be at most 3600000').optional(),
};

/** Members of kinds whose publishers do not know who listens, and are never turned away. */
export const subscriberConfig = {
  ...commonConfig,
  queueCapacity: QueueCapacity.default(100),
  /** What becomes of an event that finds the queue full: it waits all the same, or ends there. */
  overflow: z.enum(['keep', 'drop'], { error: 'must be keep or drop' }).default('keep'),
  /** One at a time keeps the order of acceptance; above, only the starts do. */
  concurrency: Concurrency.default(1),
  orderingKey: PointerSelector.optional(),
  filter: FilterForm.optional(),
};
