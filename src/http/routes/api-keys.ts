import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiKeyEntry } from '../../../projections/registry.ts';
import { apiKeyAddress } from '../../actors/addresses.ts';
import type { Clock } from '../../domain/clock.ts';
import { TriplineError } from '../../domain/errors.ts';
import { apiKeyStream } from '../../domain/ids.ts';
import { principalOn } from '../access.ts';
import { newApiKey } from '../api-keys.ts';
import { createdEntry } from '../created-entry.ts';
import { beginningOf } from '../idempotency.ts';
import { grants, type Principal, scopes } from '../principal.ts';
import { invalidField } from '../refusals.ts';
import { Instant, instantOf } from './instant.ts';
import {
  ById,
  base,
  envelopeOf,
  existing,
  InWorkspace,
  mustExist,
  type Resource,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';
import { personOf } from './trigger-wire.ts';

const readable = { scope: 'api-keys:read' } as const;
const writable = { scope: 'api-keys:write' } as const;
const tags = ['api-keys'];
const security = tokenNeeded;

const NewKey = z.strictObject({
  name: z.string().min(1).max(256),
  scopes: z
    .array(z.enum(scopes, { error: `must be one of ${scopes.join(', ')}` }))
    .min(1)
    .max(scopes.length),
  expiresAt: Instant.nullable().default(null),
});
type NewKey = z.infer<typeof NewKey>;

const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    workspaceSlug: z.string(),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    expired: z.boolean(),
  })
  .meta({ id: 'ApiKey' });

const IssuedKey = ApiKey.extend({
  key: z
    .string()
    .optional()
    .describe('Goes into the Authorization header; in the first answer only.'),
}).meta({ id: 'IssuedApiKey' });
type IssuedKey = z.infer<typeof IssuedKey>;

const toWire = (entry: ApiKeyEntry, clock: Pick<Clock, 'now'>): z.infer<typeof ApiKey> => ({
  id: entry.keyId,
  name: entry.name,
  scopes: [...entry.scopes],
  workspaceSlug: entry.workspace,
  createdBy: personOf(entry.createdBy),
  createdAt: entry.createdAt,
  expiresAt: entry.expiresAt,
  expired: entry.expiresAt !== null && clock.now() >= Date.parse(entry.expiresAt),
});

/** Nobody hands out more, or for longer, than what they have themselves. */
const mustHave = (principal: Principal, wanted: NewKey, expiresAt: string | null): void => {
  const lacking = wanted.scopes.filter((scope) => !grants(principal, scope));
  if (lacking.length > 0)
    throw new TriplineError('forbidden', `your own rights do not hold ${lacking.join(', ')}`);
  if (principal.expiresAt !== null && (expiresAt === null || expiresAt > principal.expiresAt))
    throw new TriplineError('forbidden', 'a key cannot issue one that outlives it');
};

const expiryOf = ({ expiresAt }: NewKey, clock: Pick<Clock, 'now'>): string | null => {
  if (expiresAt === null) return null;
  const instant = instantOf(expiresAt);
  if (Date.parse(instant) <= clock.now()) throw invalidField('expiresAt', 'must be in the future');
  return instant;
};

/** Credentials for machines: good for one workspace and for what they were issued for, until revoked. */
export const apiKeys: Resource = (deps, plain) => {
  const app = typed(plain);
  const { engine, actors, clock } = deps;
  const find = (id: string) => engine.registry.apiKeyById(id);
  const known = mustExist('API key', find);

  const issue = async (
    request: FastifyRequest<{ Params: z.infer<typeof InWorkspace>; Body: NewKey }>,
    keyId: string,
  ): Promise<IssuedKey> => {
    const { name, scopes } = request.body;
    const expiresAt = expiryOf(request.body, clock);
    mustHave(principalOn(request), request.body, expiresAt);
    const { text, secretSha256 } = newApiKey(keyId);
    const data = { keyId, name, scopes: [...new Set(scopes)], expiresAt, secretSha256 };
    const { position } = await actors.ask(
      apiKeyAddress(keyId),
      { type: 'IssueApiKey', ...data },
      envelopeOf(deps, request),
    );
    await visible(deps, position);
    const entry = existing('API key', find, { slug: request.params.slug, id: keyId });
    return { ...toWire(entry, clock), key: text };
  };

  app.post(
    `${base}/api-keys`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Issue an API key',
        description: 'The key is shown in this answer only. Its rights cannot exceed your own.',
        params: InWorkspace,
        body: NewKey,
        response: { 201: IssuedKey },
      },
    },
    async (request, reply) => {
      const answer = await deps.idempotency.once(request, reply, {
        find: (id) => beginningOf(deps.store, apiKeyStream(id)),
        repeat: (first): IssuedKey => toWire(createdEntry('api-key', first), clock),
        work: (id) => issue(request, id),
      });
      return reply.code(201).header('cache-control', 'no-store').send(answer);
    },
  );

  app.get(
    `${base}/api-keys`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List API keys that are not revoked',
        params: InWorkspace,
        response: { 200: z.object({ apiKeys: z.array(ApiKey) }) },
      },
    },
    async ({ params }) => ({
      apiKeys: engine.registry.apiKeysOf(params.slug).map((entry) => toWire(entry, clock)),
    }),
  );

  app.get(
    `${base}/api-keys/:id`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'Read an API key',
        params: ById,
        response: { 200: ApiKey },
      },
      onRequest: known,
    },
    async ({ params }) => toWire(existing('API key', find, params), clock),
  );

  app.delete(
    `${base}/api-keys/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Revoke an API key',
        description: 'From this answer on the key is refused.',
        params: ById,
        response: { 200: z.object({ message: z.string() }) },
      },
      onRequest: known,
    },
    async (request) => {
      const { position } = await actors.ask(
        apiKeyAddress(request.params.id),
        { type: 'RevokeApiKey' },
        envelopeOf(deps, request),
      );
      await visible(deps, position);
      return { message: 'API key revoked successfully' };
    },
  );
};
