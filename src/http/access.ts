import type {
  FastifyInstance,
  FastifyRequest,
  onRequestAsyncHookHandler,
  preValidationAsyncHookHandler,
} from 'fastify';
import { TriplineError } from '../domain/errors.ts';
import { grants, type Principal, type Scope } from './principal.ts';
import type { VerifyToken } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The right this route asks for. */
    scope?: Scope;
    /** True only where no token is needed. */
    public?: boolean;
  }
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

const bearer = /^Bearer ([\w.~+/=-]+)$/i;

const tokenOf = (request: FastifyRequest): string => {
  const header = request.headers.authorization;
  if (header === undefined) throw new TriplineError('unauthorized', 'a bearer token is required');
  const token = bearer.exec(header)?.[1];
  if (token === undefined)
    throw new TriplineError('unauthorized', 'the Authorization header holds no bearer token');
  return token;
};

const slugOf = (params: unknown): string | undefined =>
  typeof params === 'object' && params !== null && 'slug' in params
    ? String(params.slug)
    : undefined;

const allow = (principal: Principal, scope: Scope, slug: string | undefined): void => {
  if (slug !== undefined && (slug.startsWith('$') || !principal.workspaces.has(slug)))
    throw new TriplineError('forbidden', 'the token is not for this workspace');
  if (!grants(principal, scope))
    throw new TriplineError('forbidden', `the token does not grant ${scope}`);
};

/** 401 before 403, and both before anything of the request is looked at. */
const checkAccess =
  (verify: VerifyToken, scope: Scope): onRequestAsyncHookHandler =>
  async (request) => {
    const principal = await verify(tokenOf(request));
    request.principal = principal;
    allow(principal, scope, slugOf(request.params));
  };

/** A body may take its time: what the token was worth at the head may be over when all is there. */
const checkAgain = (check: ReturnType<typeof checkAccess>): preValidationAsyncHookHandler =>
  async function (this: FastifyInstance, request, reply) {
    if (request.body !== undefined) await check.call(this, request, reply);
  };

/** For answers that last: whether what was granted at their beginning still is. */
export const stillGranted = async (verify: VerifyToken, request: FastifyRequest): Promise<void> => {
  const { scope } = request.routeOptions.config;
  if (scope !== undefined) allow(await verify(tokenOf(request)), scope, slugOf(request.params));
};

const hooks = <T>(existing: T | T[] | undefined): T[] =>
  existing === undefined ? [] : Array.isArray(existing) ? existing : [existing];

/** Deny by default: a route that declares neither a scope nor that it is public refuses to exist. */
export const guardRoutes = (app: FastifyInstance, verify: VerifyToken): void => {
  app.decorateRequest('principal', undefined);
  app.addHook('onRoute', (route) => {
    const { scope, public: open } = route.config ?? {};
    if (open === true && scope === undefined) return;
    if (scope === undefined || open === true)
      throw new TriplineError('internal', `${route.method} ${route.url} must declare one scope`);
    const check = checkAccess(verify, scope);
    route.onRequest = [check, ...hooks(route.onRequest)];
    route.preValidation = [checkAgain(check), ...hooks(route.preValidation)];
  });
};

export const principalOn = (request: FastifyRequest): Principal => {
  if (!request.principal) throw new TriplineError('internal', 'a route forgot its scope');
  return request.principal;
};
