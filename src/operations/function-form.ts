import { z } from 'zod';
import { Send } from '../domain/facts/function-facts.ts';
import { defaultTimeoutMs, RetryOverride } from '../domain/retry-policy.ts';

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
  send: Send,
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
  send: Settings.send.default('both'),
  signingSecret: Settings.signingSecret.optional(),
});
export type NewFunction = z.infer<typeof NewFunction>;

/** Members left out stay. */
export const FunctionChanges = z
  .strictObject({ name: Name, type: z.literal('http'), ...Settings })
  .partial();
export type FunctionChanges = z.infer<typeof FunctionChanges>;
