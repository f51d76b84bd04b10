import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify';
import { TriplineError } from '../domain/errors.ts';

const methods: readonly HTTPMethods[] = [
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
];

/** Remembers which methods each address takes, from the routes registered after this call. */
export const watchMethods = (app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> => {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const taken = known.get(url) ?? new Set();
    for (const each of [method].flat()) taken.add(each);
    known.set(url, taken);
  });
  return known;
};

/** Answers every other method of a known address with 405 and what it does take. */
export const refuseOtherMethods = (
  app: FastifyInstance,
  known: ReadonlyMap<string, ReadonlySet<string>>,
): void => {
  for (const [url, taken] of [...known]) {
    const others = methods.filter((method) => !taken.has(method));
    const allow = [...taken].sort().join(', ');
    if (others.length === 0) continue;
    app.route({
      method: others,
      url,
      config: { public: true },
      schema: { hide: true },
      onRequest: (_, reply, done) => {
        reply.header('allow', allow);
        done(new TriplineError('method-not-allowed', `only ${allow} is possible here`));
      },
      handler: async () => undefined,
    });
  }
};
