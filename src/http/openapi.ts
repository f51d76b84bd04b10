import swagger from '@fastify/swagger';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ApiDocument } from './description/document.ts';
import { type Catalogues, finished } from './description/finished.ts';
import { otherwise } from './description/operation.ts';
import { operationIdOf } from './operation-ids.ts';
import type { Scope } from './principal.ts';
import { base } from './routes/route.ts';

const description = `Every registration, arrival and invocation is an event in one log. Errors are
problem documents (RFC 9457) with a stable \`code\`. All lists are paged in one way: pass \`next\` of
one answer as \`after\` of the next request. Members and query parameters that are not listed here are
refused. Every answer carries the id of its request in \`requestId\` where it is a problem.`;

const info = {
  title: 'Tripline',
  version: '1',
  description: description.replaceAll('\n', ' '),
  license: { name: 'All rights reserved', identifier: 'LicenseRef-unlicensed' },
  contact: { name: 'Whoever runs this server' },
};

interface Described {
  readonly hide?: boolean;
  readonly operationId?: string;
  readonly response?: object;
}

/** The API's own description, made from the routes' schemas. */
export const describeApi = async (
  app: FastifyInstance,
  catalogues: Omit<Catalogues, 'scopeOf'>,
): Promise<void> => {
  const scopes = new Map<string, Scope | undefined>();

  const withCommonParts = (schema: Described, { method, url, config }: RouteOptions): object => {
    const operationId =
      schema.operationId ?? operationIdOf(String([method].flat()[0]), url, base) ?? '';
    scopes.set(operationId, config?.scope);
    const response = schema.response ?? { 200: { description: 'Done.' } };
    return { ...schema, operationId, response: { ...response, default: otherwise } };
  };

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
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
    transform: (given) => {
      const { schema, url } = jsonSchemaTransform(given);
      const hidden = (schema as Described).hide === true;
      const whole = hidden ? schema : withCommonParts(schema as Described, given.route);
      return { schema: whole, url: url.replace('*', ':path') };
    },
    transformObject: (given) => {
      const raw = jsonSchemaTransformObject(given) as unknown as ApiDocument;
      const scopeOf = (operationId: string) => scopes.get(operationId);
      return finished(raw, { ...catalogues, scopeOf }) as never;
    },
  });
};
