import { answeredSoFar } from '../operations/visible.ts';
import type { HttpDeps } from './deps.ts';

/** What was answered with success is seen by every read that follows, also where it was only accepted. */
export const currentViews = (
  deps: Pick<HttpDeps, 'views' | 'actors' | 'engine' | 'clock'>,
): HttpDeps['views'] => {
  const { views } = deps;
  return {
    ...views,
    get: async (projection, key) => views.get(projection, key, await answeredSoFar(deps)),
    find: async (projection, query) => views.find(projection, query, await answeredSoFar(deps)),
    audit: async (query) => views.audit(query, await answeredSoFar(deps)),
  };
};
