import type { FastifyReply } from 'fastify';
import type { ApiDocument } from '../description/document.ts';
import { apiPage } from '../page/api-page.ts';
import { pagePolicy } from '../page/html.ts';
import { welcome, welcomePage } from '../page/welcome.ts';
import type { Resource } from './route.ts';

const open = { public: true } as const;
const hidden = { hide: true };

const sendPage = (reply: FastifyReply, html: string) =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .send(html);

/** The same for every installation, so it needs no token and tells nothing about this one. */
export const apiDescription: Resource = (_, app) => {
  let page: string | undefined;

  app.get('/', { config: open, schema: hidden }, async ({ headers }, reply) =>
    headers.accept?.includes('text/html')
      ? sendPage(reply.header('vary', 'accept'), welcomePage())
      : reply.header('vary', 'accept').send(welcome),
  );

  app.get('/openapi.json', { config: open, schema: hidden }, async (__, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  );

  app.get('/docs', { config: open, schema: hidden }, async (__, reply) => {
    page ??= apiPage(app.swagger() as unknown as ApiDocument);
    return sendPage(reply, page);
  });
};
