import { z } from 'zod';
import type { FunctionEntry } from '../../../projections/registry.ts';
import { defaultTimeoutMs, RetryOverride } from '../../domain/retry-policy.ts';
import { personOf } from './trigger-wire.ts';

const defaultConcurrency = 10;

const SigningSecret = z
  .string()
  .regex(/^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, {
    error: 'must be whsec_ and base64',
  })
  .refine((secret) => {
    const { length } = Buffer.from(secret.slice(6), 'base64');
    return length >= 24 && length <= 64;
  }, 'must hold 24 to 64 bytes');

const credentialsIn = (text: string): string => {
  const { username, password } = new URL(text);
  return username + password;
};

const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2_048)
  .refine((text) => !URL.canParse(text) || credentialsIn(text) === '', 'must not hold credentials');

const Settings = {
  description: z.string().max(4_096).nullable(),
  url: HttpUrl,
  timeoutMs: z.int().min(1).max(900_000),
  concurrency: z.int().min(1).max(10_000),
  retry: RetryOverride,
  signingSecret: SigningSecret,
};

const Name = z.string().min(1).max(256);
export const NewFunction = z.strictObject({
  name: Name,
  type: z.literal('http'),
  url: HttpUrl,
  description: Settings.description.default(null),
  timeoutMs: Settings.timeoutMs.default(defaultTimeoutMs),
  concurrency: Settings.concurrency.default(defaultConcurrency),
  retry: Settings.retry.default({}),
  signingSecret: Settings.signingSecret.optional(),
});

/** Read-only members that a client sends back from GET are let through and ignored. */
const readOnly = {
  id: z.unknown(),
  workspaceSlug: z.unknown(),
  createdBy: z.unknown(),
  updatedBy: z.unknown(),
  createdAt: z.unknown(),
  updatedAt: z.unknown(),
  version: z.unknown(),
  previousSecretUntil: z.unknown(),
};
export const FunctionChanges = z
  .strictObject({ name: Name, type: z.literal('http'), ...Settings, ...readOnly })
  .partial();

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
    workspaceSlug: z.string(),
    createdBy: z.string(),
    updatedBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
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
  workspaceSlug: entry.workspace,
  createdBy: personOf(entry.createdBy),
  updatedBy: personOf(entry.updatedBy),
  createdAt: entry.createdAt,
  updatedAt: entry.updatedAt,
  version: entry.version,
  previousSecretUntil: entry.previousUntil,
});
