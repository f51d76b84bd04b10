import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const description = `Every registration, arrival and invocation is an event in one log. Errors are
problem documents (RFC 9457) with a stable \`code\`. Lists that can grow are paged by an opaque
cursor: pass \`next\` of one answer as \`after\` of the next request.`;

/** The API's own description, made from the routes' schemas. */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tripline', version: '1', description },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'A JWT of the configured issuer, or an API key.',
          },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      return { schema, url: url.replace('*', ':path') };
    },
    transformObject: jsonSchemaTransformObject,
  });
};
