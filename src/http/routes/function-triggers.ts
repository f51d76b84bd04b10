import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { triggerStream } from '../../domain/ids.ts';
import { beginningOf } from '../../log/beginning.ts';
import { mustStay } from '../../operations/trigger-definition.ts';
import { triggerFormsOf } from '../../operations/trigger-form.ts';
import { mustBeOfUser } from '../../operations/triggers.ts';
import { principalOn } from '../access.ts';
import { Next } from './paging.ts';
import { AsOf, registryThen, triggerThen } from './registry-then.ts';
import { type ById, base, envelopeOf, existing, ifMatch, mustExist } from './route.ts';
import { resource, row } from './rows.ts';
import { StartFromForm, startFromOf } from './start-from.ts';
import { asCreated, showTrigger } from './trigger-answers.ts';
import { pageOfTriggers, TriggerListQuery } from './trigger-list.ts';
import { TriggerChanges, TriggerObject, toTrigger } from './trigger-wire.ts';

const steps = [
  ['stop', 'Stop a trigger: nothing new is taken, what was accepted waits', 'stopTrigger'],
  ['pause', 'The same as stop', 'pauseTrigger'],
  ['start', 'Start a stopped or suspended trigger', 'startTrigger'],
  ['resume', 'The same as start', 'resumeTrigger'],
] as const;

const lateStart = `With \`startFrom\` the trigger gets what had arrived by then as well: its replay, whose id \`catchUp\` tells,
delivers that first and in order, and what arrives meanwhile is accepted and waits until the replay is over. Nothing is
left out or delivered twice in between. Kinds whose events are addressed to one trigger can start from now alone.`;

const merging =
  'Members left out stay. `triggerMetadata` is merged at its top level; `null` removes a member.';

/** Registrations that bind a function to a source of events. */
export const functionTriggers = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers`, right: 'function-triggers' },
  (deps) => {
    const { engine, store, idempotency, kinds, operations } = deps;
    const { triggers, creations } = operations;
    const NewTrigger = triggerFormsOf(kinds).NewTrigger.extend({
      startFrom: StartFromForm.optional(),
    });
    const known = mustExist('trigger', triggers.find);
    const ofUser = async ({ params }: FastifyRequest): Promise<void> =>
      mustBeOfUser(existing('trigger', triggers.find, params as ById));

    const create = async (
      request: FastifyRequest<{ Body: z.infer<typeof NewTrigger> }>,
      reply: FastifyReply,
      id: string,
    ): Promise<TriggerObject> => {
      const { startFrom: from, ...form } = request.body;
      const startFrom = await startFromOf(deps, from);
      await triggers.create(id, form, envelopeOf(deps, request), startFrom);
      return showTrigger(deps, id, reply);
    };

    const change = async (
      request: FastifyRequest<{ Params: ById; Body: TriggerChanges }>,
      reply: FastifyReply,
    ): Promise<TriggerObject> => {
      const { id } = request.params;
      const envelope = envelopeOf(deps, request);
      const warnings = await triggers.revise(id, request.body, envelope, ifMatch(request));
      return showTrigger(deps, id, reply, warnings);
    };

    return [
      row({
        operationId: 'createTrigger',
        method: 'POST',
        path: '',
        summary: 'Create a trigger',
        description: lateStart,
        body: NewTrigger,
        status: 201,
        answer: TriggerObject,
        handle: (request, reply) =>
          idempotency.once(request, reply, {
            find: (id) => beginningOf(store, triggerStream(id)),
            repeat: (first) => asCreated(deps, first, reply),
            work: (id) => create(request, reply, id),
          }),
      }),
      row({
        operationId: 'listTriggers',
        method: 'GET',
        path: '',
        summary: 'List triggers',
        query: TriggerListQuery,
        answer: z.object({
          triggers: z.array(TriggerObject),
          total: z.number(),
          page: z.number(),
          limit: z.number(),
          next: Next,
        }),
        handle: async ({ params: { slug }, query: { asOf, ...query } }) => {
          if (asOf !== undefined) {
            const then = await registryThen(deps, slug, asOf);
            const found = then.triggersOf(slug).map((entry) => triggerThen(deps, then, entry));
            return pageOfTriggers(found, query);
          }
          const isListable = await creations.listable(slug);
          const entries = engine.registry.triggersOf(slug);
          const objects = entries.map((entry) => toTrigger(deps, entry));
          return pageOfTriggers(objects.filter(isListable), query);
        },
      }),
      row({
        operationId: 'getTrigger',
        method: 'GET',
        path: '/:id',
        summary: 'Read a trigger',
        query: AsOf,
        answer: TriggerObject,
        handle: async ({ params, query: { asOf } }, reply) => {
          if (asOf === undefined) {
            existing('trigger', triggers.find, params);
            return showTrigger(deps, params.id, reply);
          }
          const then = await registryThen(deps, params.slug, asOf);
          return triggerThen(deps, then, existing('trigger', then.triggerById, params));
        },
      }),
      row({
        operationId: 'updateTrigger',
        method: 'PUT',
        path: '/:id',
        summary: 'Change a trigger',
        description: merging,
        body: TriggerChanges,
        answer: TriggerObject,
        before: [known, ofUser],
        handle: (request, reply) => {
          const { params, body } = request;
          // Whoever sends back the whole of what was read earlier must not move it back unawares.
          mustStay('functionId', triggers.find(params.id)?.functionId, body.functionId);
          return change(request, reply);
        },
      }),
      row({
        operationId: 'patchTrigger',
        method: 'PATCH',
        path: '/:id',
        summary: 'Change a trigger, also the function it is bound to',
        description: `${merging} What was accepted before a change of \`functionId\` still goes to the function before.`,
        body: TriggerChanges,
        answer: TriggerObject,
        before: [known, ofUser],
        handle: change,
      }),
      row({
        operationId: 'deleteTrigger',
        method: 'DELETE',
        path: '/:id',
        summary: 'Delete a trigger',
        answer: z.object({ message: z.string() }),
        before: [known, ofUser],
        handle: async (request) => {
          await triggers.remove(request.params.id, envelopeOf(deps, request), ifMatch(request));
          return { message: 'Trigger deleted successfully' };
        },
      }),
      ...steps.map(([step, summary, operationId]) =>
        row({
          operationId,
          method: 'POST',
          path: `/:id/${step}`,
          summary,
          answer: TriggerObject,
          before: [known],
          handle: async (request, reply) => {
            const { id } = request.params;
            const envelope = envelopeOf(deps, request);
            const by = principalOn(request).subject;
            if (step === 'stop' || step === 'pause')
              await triggers.stop(id, by, envelope, ifMatch(request));
            else await triggers.start(id, envelope, ifMatch(request));
            return showTrigger(deps, id, reply);
          },
        }),
      ),
    ];
  },
);
