import type { HttpDeps } from './deps.ts';

/** What was answered with success is seen by every read that follows, also where it was only accepted. */
export const currentViews = ({
  views,
  actors,
}: Pick<HttpDeps, 'views' | 'actors'>): HttpDeps['views'] => ({
  ...views,
  get: (projection, key) => views.get(projection, key, actors.acknowledged),
  find: (projection, query) => views.find(projection, query, actors.acknowledged),
  audit: (query) => views.audit(query, actors.acknowledged),
});
