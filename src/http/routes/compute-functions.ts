import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { FunctionEntry } from '../../../projections/registry.ts';
import { isoOf } from '../../domain/clock.ts';
import type { Sealed } from '../../domain/events.ts';
import type { ReviseFunction } from '../../domain/function/decider.ts';
import { newId } from '../../domain/ids.ts';
import { defaultTimeoutMs, RetryOverride } from '../../domain/retry-policy.ts';
import {
  ById,
  base,
  envelopeOf,
  etagOf,
  existing,
  InWorkspace,
  ifMatch,
  mustExist,
  notFound,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';
import { personOf } from './trigger-wire.ts';

/** How long the secret before the current one still signs along. */
const overlapMs = 86_400_000;
const defaultConcurrency = 10;
const readable = { scope: 'compute-functions:read' } as const;
const writable = { scope: 'compute-functions:write' } as const;
const tags = ['compute-functions'];
const security = tokenNeeded;

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
const NewFunction = z.strictObject({
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
const Changes = z
  .strictObject({ name: Name, type: z.literal('http'), ...Settings, ...readOnly })
  .partial();

const FunctionObject = z
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

const toWire = (entry: FunctionEntry): z.infer<typeof FunctionObject> => ({
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

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const createKeeper = (deps: RouteDeps) => {
  const { engine, sealing } = deps;
  const find = (id: string) => engine.registry.functionById(id);
  return {
    find,
    seal: (secret: string, workspace: string, id: string): Sealed =>
      sealing.seal(secret, [workspace, id, 'signingSecret']),
    /** The function as it stands now, with its tag. */
    show: (id: string, reply: FastifyReply): z.infer<typeof FunctionObject> => {
      const entry = find(id);
      if (!entry) throw notFound('function');
      reply.header('etag', etagOf(entry.revision));
      return toWire(entry);
    },
  };
};

/** Where invocations go: HTTP endpoints with a name, limits and a secret that signs what is sent. */
export const computeFunctions: Resource = (deps, plain) => {
  const app = typed(plain);
  const { engine, registrar } = deps;
  const { find, seal, show } = createKeeper(deps);
  const known = mustExist('function', find);

  const rotation = (entry: FunctionEntry, secret: string): Partial<ReviseFunction> => ({
    signingSecret: seal(secret, entry.workspace, entry.functionId),
    previousSecret: entry.signingSecret,
    previousUntil: isoOf(deps.clock.now() + overlapMs),
  });

  app.post(
    `${base}/compute-functions`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Register a function',
        params: InWorkspace,
        body: NewFunction,
        response: { 201: FunctionObject },
      },
    },
    async (request, reply) => {
      const { slug } = request.params;
      const { url, type: _, signingSecret = newSecret(), ...definition } = request.body;
      const functionId = newId();
      const { position } = await registrar.registerFunction(
        {
          type: 'RegisterFunction',
          functionId,
          ...definition,
          target: { type: 'http', url },
          signingSecret: seal(signingSecret, slug, functionId),
          previousSecret: null,
          previousUntil: null,
        },
        envelopeOf(deps, request),
      );
      await visible(deps, position);
      return reply.code(201).send({ ...show(functionId, reply), signingSecret });
    },
  );

  app.get(
    `${base}/compute-functions`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List functions',
        params: InWorkspace,
        response: { 200: z.object({ functions: z.array(FunctionObject) }) },
      },
    },
    async ({ params }) => ({ functions: engine.registry.functionsOf(params.slug).map(toWire) }),
  );

  app.get(
    `${base}/compute-functions/:id`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'Read a function',
        params: ById,
        response: { 200: FunctionObject },
      },
      onRequest: known,
    },
    async ({ params }, reply) => show(params.id, reply),
  );

  app.put(
    `${base}/compute-functions/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Change a function',
        description:
          'Members left out stay. A new `signingSecret` replaces the current one, which signs along for 24 hours.',
        params: ById,
        body: Changes,
        response: { 200: FunctionObject },
      },
      onRequest: known,
    },
    async (request, reply) => {
      const { id } = request.params;
      const entry = existing('function', find, request.params);
      const { url, signingSecret, name, description, timeoutMs, concurrency, retry } = request.body;
      const given = { name, description, timeoutMs, concurrency, retry };
      const { position } = await registrar.reviseFunction(
        id,
        {
          type: 'ReviseFunction',
          ...withoutUndefined(given),
          ...(url !== undefined && { target: { type: 'http' as const, url } }),
          ...(signingSecret !== undefined && rotation(entry, signingSecret)),
        },
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { ...show(id, reply), ...(signingSecret !== undefined && { signingSecret }) };
    },
  );

  app.post(
    `${base}/compute-functions/:id/rotate-secret`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Make a new signing secret',
        description: 'Shown in this answer only. The secret before it signs along for 24 hours.',
        params: ById,
        response: { 200: FunctionObject },
      },
      onRequest: known,
    },
    async (request, reply) => {
      const { id } = request.params;
      const signingSecret = newSecret();
      const { position } = await registrar.reviseFunction(
        id,
        {
          type: 'ReviseFunction',
          ...rotation(existing('function', find, request.params), signingSecret),
        },
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { ...show(id, reply), signingSecret };
    },
  );

  app.delete(
    `${base}/compute-functions/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Delete a function',
        params: ById,
        response: { 200: z.object({ message: z.string() }) },
      },
      onRequest: known,
    },
    async (request) => {
      const { id } = request.params;
      const { position } = await registrar.retireFunction(
        id,
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { message: 'Function deleted successfully' };
    },
  );
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Members that were left out must not become members without a value. */
const withoutUndefined = <T extends object>(given: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
