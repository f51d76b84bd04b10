import { z } from 'zod';
import type { FunctionEntry } from '../../../projections/registry.ts';
import { Send } from '../../domain/facts/function-facts.ts';
import { RetryOverride } from '../../domain/retry-policy.ts';
import { FunctionChanges as Changes } from '../../operations/function-form.ts';
import { owned, ownedOf, setByServer } from './owned-wire.ts';

/** Read-only members that a client sends back from GET are let through and ignored. */
const readOnly = {
  ...setByServer,
  version: z.unknown(),
  previousSecretUntil: z.unknown(),
};
export const FunctionChanges = Changes.extend(readOnly).partial();

export const FunctionObject = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    type: z.literal('http'),
    url: z.string(),
    timeoutMs: z.number(),
    concurrency: z.number(),
    retry: RetryOverride,
    send: Send,
    ...owned,
    version: z.number(),
    /** Until when the secret before the current one signs along. */
    previousSecretUntil: z.string().nullable(),
    /** Only in the answer to the request that set it. */
    signingSecret: z.string().optional(),
  })
  .meta({ id: 'ComputeFunction' });
export type FunctionObject = z.infer<typeof FunctionObject>;

export const toFunction = (entry: FunctionEntry): FunctionObject => ({
  id: entry.functionId,
  name: entry.name,
  description: entry.description,
  type: 'http',
  url: entry.target.url,
  timeoutMs: entry.timeoutMs,
  concurrency: entry.concurrency,
  retry: entry.retry,
  send: entry.send ?? 'both',
  ...ownedOf(entry),
  version: entry.version,
  previousSecretUntil: entry.previousUntil,
});
