import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DraftEntry } from '../../../projections/registry.ts';
import { draftStream } from '../../domain/ids.ts';
import { beginningOf } from '../../log/beginning.ts';
import { type DraftContent, triggerFormsOf } from '../../operations/trigger-form.ts';
import { createdEntry } from '../../views/created-entry.ts';
import { DraftObject, draftChangeOf, toDraft } from './draft-wire.ts';
import { byCreation, Next, PagingFromFirst, pageOf } from './paging.ts';
import { type ById, base, envelopeOf, etagOf, existing, ifMatch, mustExist } from './route.ts';
import { resource, row } from './rows.ts';

/** Triggers in the making. */
export const drafts = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers/drafts`, right: 'function-triggers' },
  (deps) => {
    const { engine, store, idempotency, kinds, operations } = deps;
    const { drafts } = operations;
    const known = mustExist('draft', drafts.find);
    const { DraftContent } = triggerFormsOf(kinds);

    const shown = (entry: DraftEntry): DraftObject => {
      const trouble = drafts.troubleWith(entry);
      return { ...toDraft(entry), ...(trouble !== undefined && { warnings: [trouble] }) };
    };

    const show = (params: ById, reply: FastifyReply): DraftObject => {
      const entry = existing('draft', drafts.find, params);
      reply.header('etag', etagOf(entry.revision));
      return shown(entry);
    };

    const create = async (
      request: FastifyRequest<{ Body: DraftContent }>,
      reply: FastifyReply,
      id: string,
    ): Promise<DraftObject> => {
      const envelope = envelopeOf(deps, request);
      await drafts.create(id, request.body, envelope);
      return show({ slug: envelope.workspace, id }, reply);
    };

    return [
      row({
        operationId: 'createDraft',
        method: 'POST',
        path: '',
        summary: 'Save a draft of a trigger',
        description: 'Anything may be missing; what is there must be right.',
        body: DraftContent,
        status: 201,
        answer: DraftObject,
        handle: (request, reply) =>
          idempotency.once(request, reply, {
            find: (id) => beginningOf(store, draftStream(`draft-${id}`)),
            repeat: (first): DraftObject => {
              reply.header('etag', etagOf(first.revision));
              return shown(createdEntry('draft', first));
            },
            work: (id) => create(request, reply, `draft-${id}`),
          }),
      }),
      row({
        operationId: 'listDrafts',
        method: 'GET',
        path: '',
        summary: 'List drafts',
        query: PagingFromFirst,
        answer: z.object({ drafts: z.array(DraftObject), next: Next }),
        handle: ({ params, query }) => {
          const all = engine.registry.draftsOf(params.slug).map(shown);
          const { items, next } = pageOf(all, byCreation, query);
          return { drafts: items, next };
        },
      }),
      row({
        operationId: 'getDraft',
        method: 'GET',
        path: '/:id',
        summary: 'Read a draft',
        answer: DraftObject,
        before: [known],
        handle: ({ params }, reply) => show(params, reply),
      }),
      row({
        operationId: 'updateDraft',
        method: 'PUT',
        path: '/:id',
        summary: 'Replace the content of a draft',
        body: draftChangeOf(DraftContent),
        answer: DraftObject,
        before: [known],
        handle: async (request, reply) => {
          const { params, body } = request;
          await drafts.save(params.id, body, envelopeOf(deps, request), ifMatch(request));
          return show(params, reply);
        },
      }),
      row({
        operationId: 'deleteDraft',
        method: 'DELETE',
        path: '/:id',
        summary: 'Discard a draft',
        answer: z.object({ message: z.string() }),
        before: [known],
        handle: async (request) => {
          await drafts.discard(request.params.id, envelopeOf(deps, request), ifMatch(request));
          return { message: 'Draft discarded successfully' };
        },
      }),
    ];
  },
);
