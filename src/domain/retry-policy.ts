import { z } from 'zod';

/** How often and how patiently one invocation is attempted; recorded with it when it is queued. */
export const RetryPolicy = z.object({
  /** Attempts in all, the first included. */
  maxAttempts: z.int().min(1).max(100),
  /** Upper bound of the first delay; the n-th is `initialDelayMs * multiplier^(n-1)`. */
  initialDelayMs: z.int().min(1).max(86_400_000),
  maxDelayMs: z.int().min(1).max(86_400_000),
  multiplier: z.number().min(1).max(10),
  /** The 4xx answers worth another attempt; every other 4xx is final. */
  retryStatuses: z.array(z.int().min(400).max(499)).max(100),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 5,
  initialDelayMs: 1_000,
  maxDelayMs: 3_600_000,
  multiplier: 4,
  retryStatuses: [408, 425, 429],
};

/** What people write: any part of a policy; the trigger's part wins over the function's. */
export const RetryOverride = RetryPolicy.partial().strict();
export type RetryOverride = z.infer<typeof RetryOverride>;

export const defaultTimeoutMs = 15_000;
