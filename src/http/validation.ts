import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { complaintOf } from '../domain/complaints.ts';
import { invalid } from '../domain/invalid.ts';

/** What does not fit a route's schema is refused, each member by its name. */
export const validateWithZod: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data) => {
    const result = schema.safeParse(data, { error: complaintOf });
    return result.success ? { value: result.data } : { error: invalid(result.error, httpPart) };
  };

/** What is sent as a body is checked by what reads it; all else by its schema, as everywhere. */
export const exceptBodies: FastifySchemaCompiler<z.ZodType> = (route) =>
  route.httpPart === 'body' ? (value) => ({ value }) : validateWithZod(route);

const nothing = z.strictObject({});

/** A misspelled filter would be none at all: routes that take no query say so to whoever sends one. */
export const refuseUnknownQueries = (app: FastifyInstance): void => {
  app.addHook('onRoute', (route) => {
    if (route.schema?.hide) return;
    route.schema = { querystring: nothing, ...route.schema };
  });
};
