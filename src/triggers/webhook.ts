import { z } from 'zod';
import { passingBytes } from '../domain/passing-bytes.ts';
import type { Payload } from '../domain/payload.ts';
import { isWebhookPath, webhookKey } from '../domain/trigger/webhook-path.ts';
import { Concurrency, commonConfig, QueueCapacity } from './common-config.ts';
import { type Arrival, defineKind } from './kind.ts';
import { Secret } from './secret.ts';
import { HeaderName, HeaderSelector, PointerSelector, Selector } from './selector.ts';
import { Signature } from './signature.ts';

const pathRule =
  'must be a path without empty, "." or ".." segments, spaces, "?", "#", "%" or backslashes';

export const WebhookConfig = z
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
  })
  .refine(({ hmac, signature }) => hmac === undefined || signature === undefined, {
    path: ['signature'],
    error: 'must not be given together with hmac',
  });
export type WebhookConfig = z.infer<typeof WebhookConfig>;

const requestOf = ({ request }: Arrival): string =>
  JSON.stringify({
    method: request?.method ?? 'POST',
    path: request?.path ?? '',
    query: request?.query ?? {},
    headers: request?.headers ?? {},
  }).slice(1, -1);

const base64Of = ({ encoding, content }: Payload): string => {
  if (encoding === 'base64') return content;
  const bytes = passingBytes(Buffer.byteLength(content));
  bytes.write(content);
  return bytes.toString('base64');
};

/** HTTP requests from outside, each at a path of its own. */
export const webhook = defineKind<WebhookConfig>({
  kind: 'webhook',
  config: WebhookConfig,
  key: ({ path }) => webhookKey(path),
  secretPaths: ['hmac.secret', 'signature.secrets'],
  present: (arrival, payload) => {
    const request = requestOf(arrival);
    const remote = JSON.stringify(arrival.request?.remote ?? null);
    const verified = arrival.verification === null ? '' : ',"signature_verified":true';
    const rawBody = base64Of(arrival.body);
    return {
      executionParams: `{"payload":${payload},${request},"rawBody":"${rawBody}"}`,
      eventMetadata: `{${request},"remote":${remote}${verified}}`,
    };
  },
});
