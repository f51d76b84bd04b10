import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { triggerAddress } from '../../actors/addresses.ts';
import { TriplineError } from '../../domain/errors.ts';
import { triggerStream } from '../../domain/ids.ts';
import type { TriggerCommand } from '../../domain/trigger/commands.ts';
import { principalOn } from '../access.ts';
import { beginningOf } from '../idempotency.ts';
import {
  ById,
  base,
  envelopeOf,
  existing,
  InWorkspace,
  ifMatch,
  mustExist,
  type Resource,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';
import { asCreated, showTrigger } from './trigger-answers.ts';
import { changesOf, definitionOf } from './trigger-definition.ts';
import { pageOfTriggers, TriggerListQuery } from './trigger-list.ts';
import { NewTrigger, TriggerChanges, TriggerObject, toTrigger } from './trigger-wire.ts';

const readable = { scope: 'function-triggers:read' } as const;
const writable = { scope: 'function-triggers:write' } as const;
const tags = ['function-triggers'];
const security = tokenNeeded;
const one = { 200: TriggerObject };

const steps = [
  ['stop', 'Stop a trigger: nothing new is taken, what was accepted waits'],
  ['pause', 'The same as stop'],
  ['start', 'Start a stopped or suspended trigger'],
  ['resume', 'The same as start'],
] as const;

const commandOf = (step: (typeof steps)[number][0], who: string): TriggerCommand =>
  step === 'stop' || step === 'pause'
    ? { type: 'PauseTrigger', reason: `stopped by ${who}` }
    : { type: 'ResumeTrigger' };

type CreateRequest = FastifyRequest<{
  Params: z.infer<typeof InWorkspace>;
  Body: z.infer<typeof NewTrigger>;
}>;

/** Registrations that bind a function to a source of events. */
export const functionTriggers: Resource = (deps, plain) => {
  const app = typed(plain);
  const { engine, registrar, actors, store, clock, sealing: keyRing } = deps;
  const find = (id: string) => engine.registry.triggerById(id);
  const known = mustExist('trigger', find);

  const mustBeOfUser = async ({ params }: FastifyRequest): Promise<void> => {
    if (existing('trigger', find, params as ById).isSystem)
      throw new TriplineError('forbidden', 'a system trigger cannot be changed or deleted');
  };

  const create = async (request: CreateRequest, reply: FastifyReply, triggerId: string) => {
    const { slug: workspace } = request.params;
    const owner = { workspace, triggerId, keyRing, now: clock.now() };
    const definition = definitionOf(request.body, owner);
    await deps.creations.run(request.params.slug, triggerId, async (occurredAt) => {
      const { position } = await registrar.registerTrigger(
        { type: 'RegisterTrigger', triggerId, isSystem: false, ...definition },
        { ...envelopeOf(deps, request), occurredAt },
      );
      await visible(deps, position);
    });
    return showTrigger(deps, triggerId, reply);
  };

  app.post(
    `${base}/function-triggers`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Create a trigger',
        params: InWorkspace,
        body: NewTrigger,
        response: { 201: TriggerObject },
      },
    },
    async (request, reply) => {
      const created = await deps.idempotency.once(request, reply, {
        find: (id) => beginningOf(store, triggerStream(id)),
        repeat: (first) => asCreated(deps, first, reply),
        work: (id) => create(request, reply, id),
      });
      return reply.code(201).send(created);
    },
  );

  app.get(
    `${base}/function-triggers`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List triggers',
        params: InWorkspace,
        querystring: TriggerListQuery,
        response: {
          200: z.object({
            triggers: z.array(TriggerObject),
            total: z.number(),
            page: z.number(),
            limit: z.number(),
          }),
        },
      },
    },
    async ({ params, query }) => {
      const isListable = await deps.creations.listable(params.slug);
      const entries = engine.registry.triggersOf(params.slug);
      return pageOfTriggers(
        entries.map((entry) => toTrigger(deps, entry)).filter(isListable),
        query,
      );
    },
  );

  app.get(
    `${base}/function-triggers/:id`,
    {
      config: readable,
      schema: { tags, security, summary: 'Read a trigger', params: ById, response: one },
      onRequest: known,
    },
    async ({ params }, reply) => showTrigger(deps, params.id, reply),
  );

  app.put(
    `${base}/function-triggers/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Change a trigger',
        description:
          'Members left out stay. `triggerMetadata` is merged at its top level; `null` removes a member.',
        params: ById,
        body: TriggerChanges,
        response: one,
      },
      onRequest: [known, mustBeOfUser],
    },
    async (request, reply) => {
      const { id, slug } = request.params;
      const entry = existing('trigger', find, request.params);
      const owner = { workspace: slug, triggerId: id, keyRing, now: clock.now() };
      const { position } = await registrar.reviseTrigger(
        id,
        { type: 'ReviseTrigger', ...changesOf(request.body, entry, owner) },
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return showTrigger(deps, id, reply);
    },
  );

  app.delete(
    `${base}/function-triggers/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Delete a trigger',
        params: ById,
        response: { 200: z.object({ message: z.string() }) },
      },
      onRequest: [known, mustBeOfUser],
    },
    async (request) => {
      const { position } = await registrar.retireTrigger(
        request.params.id,
        envelopeOf(deps, request),
        ifMatch(request),
      );
      await visible(deps, position);
      return { message: 'Trigger deleted successfully' };
    },
  );

  for (const [step, summary] of steps) {
    app.post(
      `${base}/function-triggers/:id/${step}`,
      {
        config: writable,
        schema: { tags, security, summary, params: ById, response: one },
        onRequest: known,
      },
      async (request, reply) => {
        const { id } = request.params;
        const { position } = await actors.ask(
          triggerAddress(id),
          commandOf(step, principalOn(request).subject),
          envelopeOf(deps, request),
          ifMatch(request),
        );
        await visible(deps, position);
        return showTrigger(deps, id, reply);
      },
    );
  }
};
