import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { publishedIdOf, triggerStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { beginningOf } from '../../log/beginning.ts';
import { type ById, base, envelopeOf, mustExist } from './route.ts';
import { resource, row } from './rows.ts';
import { StartFromForm, startFromOf } from './start-from.ts';
import { asCreated, showTrigger } from './trigger-answers.ts';
import { TriggerObject } from './trigger-wire.ts';

const Publishing = z.strictObject({ startFrom: StartFromForm.optional() });

/** What a draft is for. */
export const publishDraft = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers`, right: 'function-triggers' },
  (deps) => {
    const { store, idempotency, operations } = deps;
    const { drafts } = operations;

    const publishedBy = async (draftId: string, requestId: string) => {
      const first = await beginningOf(store, triggerStream(publishedIdOf(draftId)));
      return first && idempotency.isOf(first, requestId) ? first : undefined;
    };

    const repeat = async (
      request: FastifyRequest<{ Params: ById }>,
      reply: FastifyReply,
      first: StoredEvent,
    ) => {
      await drafts.endPublished(request.params.id, envelopeOf(deps, request));
      return asCreated(deps, first, reply);
    };

    return [
      row({
        operationId: 'publishDraft',
        method: 'POST',
        path: '/:id/publish',
        summary: 'Make a trigger of a draft',
        description:
          'The draft is used up; where the trigger is refused it stays as it is. `startFrom` is as when a trigger is created.',
        body: Publishing.nullish(),
        status: 201,
        answer: TriggerObject,
        before: [
          idempotency.unlessAnswered(
            (request, requestId) => publishedBy((request.params as ById).id, requestId),
            mustExist('draft', drafts.find),
          ),
        ],
        handle: (request, reply) =>
          idempotency.once(request, reply, {
            find: (requestId) => publishedBy(request.params.id, requestId),
            repeat: (first) => repeat(request, reply, first),
            work: async () => {
              const { id } = request.params;
              const startFrom = await startFromOf(deps, request.body?.startFrom);
              const triggerId = await drafts.publish(id, envelopeOf(deps, request), startFrom);
              return showTrigger(deps, triggerId, reply);
            },
          }),
      }),
    ];
  },
);
