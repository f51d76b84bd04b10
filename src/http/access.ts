import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
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
  if (slug !== undefined && !principal.workspaces.has(slug))
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
    route.onRequest = [checkAccess(verify, scope), ...hooks(route.onRequest)];
  });
};

export const principalOn = (request: FastifyRequest): Principal => {
  if (!request.principal) throw new TriplineError('internal', 'a route forgot its scope');
  return request.principal;
};
