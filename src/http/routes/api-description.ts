import { type ApiDocument, apiPage, pagePolicy } from '../api-page.ts';
import type { Resource } from './route.ts';

const open = { public: true } as const;
const hidden = { hide: true };

/** The same for every installation, so it needs no token and tells nothing about this one. */
export const apiDescription: Resource = (_, app) => {
  let page: string | undefined;

  app.get('/openapi.json', { config: open, schema: hidden }, async (__, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  );

  app.get('/docs', { config: open, schema: hidden }, async (__, reply) => {
    page ??= apiPage(app.swagger() as ApiDocument);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .send(page);
  });
};
