import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { draftAddress } from '../../actors/addresses.ts';
import type { Mailboxes } from '../../actors/mailboxes.ts';
import { isTriplineError } from '../../domain/errors.ts';
import { publishedIdOf, triggerStream } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { beginningOf } from '../idempotency.ts';
import { triggerOf } from './draft-definition.ts';
import {
  ById,
  base,
  envelopeOf,
  existing,
  mustExist,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';
import { asCreated, showTrigger } from './trigger-answers.ts';
import { TriggerObject } from './trigger-wire.ts';

/**
 * First the trigger is registered, under an id that the draft alone has, then the draft ends. A
 * crash in between is made good by publishing again: the trigger is there already and the draft
 * ends. Where the trigger is refused, the draft stays as it is.
 */
export const publishRoute = (deps: RouteDeps, app: FastifyInstance, turns: Mailboxes): void => {
  const { engine, actors, registrar, store, idempotency, sealing, creations, clock } = deps;
  const find = (id: string) => engine.registry.draftById(id);
  const known = mustExist('draft', find);

  const publishedBy = async (draftId: string, requestId: string) => {
    const first = await beginningOf(store, triggerStream(publishedIdOf(draftId)));
    return first && idempotency.isOf(first, requestId) ? first : undefined;
  };

  const end = async (request: FastifyRequest, draftId: string): Promise<void> => {
    const { position } = await actors.ask(
      draftAddress(draftId),
      { type: 'PublishDraft', triggerId: publishedIdOf(draftId) },
      envelopeOf(deps, request),
    );
    await visible(deps, position);
  };

  const register = async (request: FastifyRequest, draftId: string): Promise<void> => {
    const triggerId = publishedIdOf(draftId);
    if (await beginningOf(store, triggerStream(triggerId))) return;
    const { slug } = request.params as ById;
    const draft = existing('draft', find, { slug, id: draftId });
    await creations.run(slug, triggerId, async (occurredAt) => {
      const { position } = await registrar.registerTrigger(
        {
          type: 'RegisterTrigger',
          triggerId,
          isSystem: false,
          ...triggerOf(draft, { triggerId, keyRing: sealing, now: clock.now() }),
        },
        { ...envelopeOf(deps, request), occurredAt },
      );
      await visible(deps, position);
    });
  };

  const publish = (request: FastifyRequest, reply: FastifyReply) => {
    const { id: draftId } = request.params as ById;
    return turns.run(draftId, async () => {
      await register(request, draftId);
      await end(request, draftId);
      return showTrigger(deps, publishedIdOf(draftId), reply);
    });
  };

  const repeat = async (request: FastifyRequest, reply: FastifyReply, first: StoredEvent) => {
    try {
      await end(request, (request.params as ById).id);
    } catch (error) {
      if (!isTriplineError(error, 'not-found')) throw error;
    }
    return asCreated(deps, first, reply);
  };

  typed(app).post(
    `${base}/function-triggers/:id/publish`,
    {
      config: { scope: 'function-triggers:write' },
      schema: {
        tags: ['function-triggers'],
        security: tokenNeeded,
        summary: 'Make a trigger of a draft',
        description: 'The draft is used up; where the trigger is refused it stays as it is.',
        params: ById,
        response: { 201: TriggerObject },
      },
      onRequest: idempotency.unlessAnswered(
        (request, requestId) => publishedBy((request.params as ById).id, requestId),
        known,
      ),
    },
    async (request, reply) => {
      const published = await idempotency.once(request, reply, {
        find: (requestId) => publishedBy(request.params.id, requestId),
        repeat: (first) => repeat(request, reply, first),
        work: () => publish(request, reply),
      });
      return reply.code(201).send(published);
    },
  );
};
