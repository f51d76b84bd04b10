import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  RouteOptions,
} from 'fastify';
import { z } from 'zod';
import type { Resource as Right } from '../principal.ts';
import { exceptBodies } from '../validation.ts';
import { ById, InWorkspace, type Resource, type RouteDeps, tokenNeeded } from './route.ts';

type ParamsOf<Path extends string> = Path extends `${string}:id${string}`
  ? ById
  : Path extends `${string}:name${string}`
    ? z.infer<typeof ByName>
    : InWorkspace;

type Asked<Path extends string, Query extends z.ZodType, Body extends z.ZodType> = FastifyRequest<{
  Params: ParamsOf<Path>;
  Querystring: z.output<Query>;
  Body: z.output<Body>;
}>;

/** Of what no workspace has to itself. */
const ByName = z.object({ name: z.string() });

/** A route is a table row: what is said about it, what it takes, what it answers, who does it. */
interface Row<
  Path extends string,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  /** For generated clients: unique, and never given to another route. */
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the address of its resource. */
  readonly path: Path;
  readonly summary: string;
  readonly description?: string;
  /** Where the method does not say it: GET reads, everything else writes. */
  readonly right?: 'read' | 'write';
  readonly query?: Query;
  readonly body?: Body;
  /** Of success; left out for answers that are not JSON. */
  readonly answer?: Answer;
  readonly status?: 200 | 201 | 202;
  /** Other statuses that are no refusals. */
  readonly others?: Readonly<Record<number, z.ZodType>>;
  /** Checks before the body is read. */
  readonly before?: readonly onRequestAsyncHookHandler[];
  /** Bodies that are read in a way of their own, and that the handler checks itself. */
  readonly takes?: (app: FastifyInstance) => void;
  readonly handle: (
    request: Asked<Path, Query, Body>,
    reply: FastifyReply,
  ) => Promise<z.input<Answer> | FastifyReply> | z.input<Answer> | FastifyReply;
}

type AnyRow = Row<string, z.ZodType, z.ZodType, z.ZodType>;

export const row = <
  Path extends string,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUnknown,
>(
  entry: Row<Path, Query, Body, Answer>,
  // The schemas that type the handler are those that its requests have been through.
): AnyRow => entry as unknown as AnyRow;

/** What the routes of one resource have in common. */
interface Common {
  readonly tag: string;
  readonly at: string;
  readonly right: Right | 'public';
}

const paramsOf = (address: string) => {
  if (address.includes(':name')) return { params: ByName };
  if (!address.includes(':slug')) return {};
  return { params: address.includes(':id') ? ById : InWorkspace };
};

const schemaOf = (entry: AnyRow, { tag, at, right }: Common) => {
  const { operationId, summary, description, query, body, answer, status = 200 } = entry;
  const response = { ...(answer && { [status]: answer }), ...entry.others };
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(right !== 'public' && { security: tokenNeeded }),
    ...paramsOf(`${at}${entry.path}`),
    ...(query && { querystring: query }),
    ...(body && { body }),
    ...(Object.keys(response).length > 0 && { response }),
  };
};

const optionsOf = (entry: AnyRow, common: Common): RouteOptions => {
  const { method, path, status = 200, before = [], handle } = entry;
  const right = entry.right ?? (method === 'GET' ? 'read' : 'write');
  return {
    method,
    url: `${common.at}${path}`,
    config: common.right === 'public' ? { public: true } : { scope: `${common.right}:${right}` },
    schema: schemaOf(entry, common),
    onRequest: [...before],
    handler: async (request, reply) => {
      const answer = await handle(request as Asked<string, z.ZodType, z.ZodType>, reply);
      // A reply that was sent is no answer: awaited, it is nothing, once it has gone out or broken off.
      return answer === undefined ? reply : reply.code(status).send(answer);
    },
  };
};

/** A resource as a table. */
export const resource =
  (common: Common, rowsOf: (deps: RouteDeps) => readonly AnyRow[]): Resource =>
  (deps, app) => {
    for (const entry of rowsOf(deps)) {
      const { takes } = entry;
      const options = optionsOf(entry, common);
      if (takes === undefined) app.route(options);
      else
        app.register((scope, _, done) => {
          takes(scope);
          scope.setValidatorCompiler(exceptBodies);
          scope.route(options);
          done();
        });
    }
  };
