import { z } from 'zod';
import { HeaderName } from '../domain/header-name.ts';
import { isSecretHeader } from '../domain/secret-headers.ts';
import { isWebhookPath, webhookKey } from '../domain/trigger/webhook-path.ts';
import { Concurrency, commonConfig, QueueCapacity } from './common-config.ts';
import { FilterForm } from './filter-form.ts';
import { type Arrival, defineKind } from './kind.ts';
import { Secret } from './secret.ts';
import { HeaderSelector, PointerSelector, Selector } from './selector.ts';
import { Signature } from './signature.ts';

const pathRule =
  'must be a path without empty, "." or ".." segments, spaces, "?", "#", "%" or backslashes';

const Settings = z
  .strictObject({
    path: z
      .string('must be a string')
      .max(512, 'must be at most 512 characters long')
      .refine(isWebhookPath, pathRule),
    ...commonConfig,
    /** `X-Webhook-Signature: sha256=<hex>` over the raw body, if the header is not another. */
    hmac: z.strictObject({ secret: Secret, header: HeaderName.optional() }).optional(),
    signature: Signature.optional(),
    queueCapacity: QueueCapacity.default(1_000),
    /** One at a time keeps the order of acceptance; above, only the starts do. */
    concurrency: Concurrency.default(1),
    deduplication: z
      .union([HeaderSelector, PointerSelector, z.strictObject({ body: z.literal(true) })], {
        error: 'must be {"header": <name>}, {"pointer": <JSON pointer>} or {"body": true}',
      })
      .optional(),
    orderingKey: Selector.optional(),
    filter: FilterForm.optional(),
    /** Whether the function gets the bytes of the body, too, in base64. */
    rawBody: z.boolean('must be true or false').optional(),
    /** Headers of this sender that are never stored, beside those that are known for it. */
    secretHeaders: z
      .array(HeaderName, 'must be a list of header names')
      .max(32, 'must hold at most 32 names')
      .optional(),
  })
  .refine(({ hmac, signature }) => hmac === undefined || signature === undefined, {
    path: ['signature'],
    error: 'must not be given together with hmac',
  });

type Settings = z.infer<typeof Settings>;

const isNeverStored = (header: string, secretHeaders: readonly string[]): boolean =>
  isSecretHeader(header.toLowerCase()) ||
  secretHeaders.some((name) => name.toLowerCase() === header.toLowerCase());

/** What is kept of them would be a secret in the log, or nothing to go by. */
const selectsSecret = ({ orderingKey, deduplication, secretHeaders = [] }: Settings) =>
  (
    [
      ['orderingKey', orderingKey],
      ['deduplication', deduplication],
    ] as const
  ).filter(
    ([, selector]) =>
      selector !== undefined &&
      'header' in selector &&
      isNeverStored(selector.header, secretHeaders),
  );

export const WebhookConfig = Settings.superRefine((settings, context) => {
  for (const [member] of selectsSecret(settings))
    context.addIssue({
      code: 'custom',
      path: [member, 'header'],
      message: 'must not be a header that is never stored',
    });
});
export type WebhookConfig = z.infer<typeof WebhookConfig>;

const requestOf = ({ request }: Arrival): string =>
  JSON.stringify({
    method: request?.method ?? 'POST',
    path: request?.path ?? '',
    query: request?.query ?? {},
    headers: request?.headers ?? {},
  }).slice(1, -1);

/** HTTP requests from outside, each at a path of its own. */
export const webhook = defineKind<WebhookConfig>({
  kind: 'webhook',
  config: WebhookConfig,
  key: ({ path }) => webhookKey(path),
  secretPaths: ['hmac.secret', 'signature.secrets'],
  present: (arrival, { json, base64 }, { rawBody }) => {
    const request = requestOf(arrival);
    const remote = JSON.stringify(arrival.request?.remote ?? null);
    const verified = arrival.verification === null ? '' : ',"signature_verified":true';
    const raw = rawBody === true ? `,"rawBody":"${base64()}"` : '';
    return {
      executionParams: `{"payload":${json},${request}${raw}}`,
      eventMetadata: `{${request},"remote":${remote}${verified}}`,
    };
  },
});
