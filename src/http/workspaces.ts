import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Workspaces } from '../operations/workspaces.ts';

const slugOf = ({ params }: FastifyRequest): string | undefined =>
  (params as { slug?: string }).slug;

/** To be called before access is guarded, so that it comes after that in each request. */
export const foundWorkspaces = (app: FastifyInstance, workspaces: Workspaces): void => {
  app.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) return;
    const enter = async (request: FastifyRequest): Promise<void> => {
      const slug = slugOf(request);
      if (slug !== undefined) await workspaces.enter(slug, request.id);
    };
    route.onRequest = [enter, ...[route.onRequest ?? []].flat()];
  });
};
