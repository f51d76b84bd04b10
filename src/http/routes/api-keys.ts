import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiKeyEntry } from '../../../projections/registry.ts';
import { apiKeyAddress } from '../../actors/addresses.ts';
import type { Clock } from '../../domain/clock.ts';
import { TriplineError } from '../../domain/errors.ts';
import { apiKeyStream } from '../../domain/ids.ts';
import { invalidField } from '../../domain/invalid.ts';
import { beginningOf } from '../../log/beginning.ts';
import { createdEntry } from '../../views/created-entry.ts';
import { principalOn } from '../access.ts';
import { newApiKey } from '../api-keys.ts';
import { grants, type Principal, scopes } from '../principal.ts';
import { Instant, instantOf } from './instant.ts';
import { personOf } from './owned-wire.ts';
import { byCreation, Next, PagingFromFirst, pageOf } from './paging.ts';
import { base, envelopeOf, existing, type InWorkspace, mustExist, visible } from './route.ts';
import { resource, row } from './rows.ts';

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
export const apiKeys = resource(
  { tag: 'api-keys', at: `${base}/api-keys`, right: 'api-keys' },
  (deps) => {
    const { engine, actors, clock } = deps;
    const find = (id: string) => engine.registry.apiKeyById(id);
    const known = mustExist('API key', find);

    const issue = async (
      request: FastifyRequest<{ Params: InWorkspace; Body: NewKey }>,
      keyId: string,
    ): Promise<IssuedKey> => {
      const { name, scopes } = request.body;
      const expiresAt = expiryOf(request.body, clock);
      mustHave(principalOn(request), request.body, expiresAt);
      const { text, secretSha256 } = newApiKey(keyId, deps.chance);
      const data = { keyId, name, scopes: [...new Set(scopes)], expiresAt, secretSha256 };
      const command = { type: 'IssueApiKey', ...data } as const;
      const { position } = await actors.ask(
        apiKeyAddress(keyId),
        command,
        envelopeOf(deps, request),
      );
      await visible(deps, position);
      const entry = existing('API key', find, { slug: request.params.slug, id: keyId });
      return { ...toWire(entry, clock), key: text };
    };

    return [
      row({
        operationId: 'createApiKey',
        method: 'POST',
        path: '',
        summary: 'Issue an API key',
        description: 'The key is shown in this answer only. Its rights cannot exceed your own.',
        body: NewKey,
        status: 201,
        answer: IssuedKey,
        handle: async (request, reply) => {
          const issued = await deps.idempotency.once(request, reply, {
            find: (id) => beginningOf(deps.store, apiKeyStream(id)),
            repeat: (first): IssuedKey => toWire(createdEntry('api-key', first), clock),
            work: (id) => issue(request, id),
          });
          reply.header('cache-control', 'no-store');
          return issued;
        },
      }),
      row({
        operationId: 'listApiKeys',
        method: 'GET',
        path: '',
        summary: 'List API keys that are not revoked',
        query: PagingFromFirst,
        answer: z.object({ apiKeys: z.array(ApiKey), next: Next }),
        handle: ({ params, query }) => {
          const all = engine.registry.apiKeysOf(params.slug);
          const keys = all.map((entry) => toWire(entry, clock));
          const { items, next } = pageOf(keys, byCreation, query);
          return { apiKeys: items, next };
        },
      }),
      row({
        operationId: 'getApiKey',
        method: 'GET',
        path: '/:id',
        summary: 'Read an API key',
        answer: ApiKey,
        before: [known],
        handle: ({ params }) => toWire(existing('API key', find, params), clock),
      }),
      row({
        operationId: 'deleteApiKey',
        method: 'DELETE',
        path: '/:id',
        summary: 'Revoke an API key',
        description: 'From this answer on the key is refused.',
        answer: z.object({ message: z.string() }),
        before: [known],
        handle: async (request) => {
          const { position } = await actors.ask(
            apiKeyAddress(request.params.id),
            { type: 'RevokeApiKey' },
            envelopeOf(deps, request),
          );
          await visible(deps, position);
          return { message: 'API key revoked successfully' };
        },
      }),
    ];
  },
);
