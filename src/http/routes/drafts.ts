import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { draftAddress } from '../../actors/addresses.ts';
import { createMailboxes } from '../../actors/mailboxes.ts';
import { draftStream } from '../../domain/ids.ts';
import { createdEntry } from '../created-entry.ts';
import { beginningOf } from '../idempotency.ts';
import { contentOf } from './draft-definition.ts';
import { DraftChange, DraftObject, NewDraft, toDraft } from './draft-wire.ts';
import { publishRoute } from './publish-draft.ts';
import {
  ById,
  base,
  envelopeOf,
  etagOf,
  existing,
  InWorkspace,
  ifMatch,
  mustExist,
  type Resource,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';

const readable = { scope: 'function-triggers:read' } as const;
const writable = { scope: 'function-triggers:write' } as const;
const tags = ['function-triggers'];
const security = tokenNeeded;

/** Triggers in the making. What is published is a draft no more. */
export const drafts: Resource = (deps, plain) => {
  const app = typed(plain);
  const { engine, actors, store, sealing: keyRing } = deps;
  const find = (id: string) => engine.registry.draftById(id);
  const known = mustExist('draft', find);
  /** What is being published must not be changed meanwhile. */
  const turns = createMailboxes();

  const show = (params: ById, reply: FastifyReply): DraftObject => {
    const entry = existing('draft', find, params);
    reply.header('etag', etagOf(entry.revision));
    return toDraft(entry);
  };

  const create = async (
    request: FastifyRequest<{ Params: z.infer<typeof InWorkspace>; Body: NewDraft }>,
    reply: FastifyReply,
    draftId: string,
  ) => {
    const { slug } = request.params;
    const content = contentOf(request.body, { workspace: slug, draftId, keyRing });
    const { position } = await actors.ask(
      draftAddress(draftId),
      { type: 'CreateDraft', draftId, content },
      envelopeOf(deps, request),
    );
    await visible(deps, position);
    return show({ slug, id: draftId }, reply);
  };

  app.post(
    `${base}/function-triggers/drafts`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Save a draft of a trigger',
        description: 'Anything may be missing; what is there must be right.',
        params: InWorkspace,
        body: NewDraft,
        response: { 201: DraftObject },
      },
    },
    async (request, reply) => {
      const created = await deps.idempotency.once(request, reply, {
        find: (id) => beginningOf(store, draftStream(`draft-${id}`)),
        repeat: (first) => {
          reply.header('etag', etagOf(first.revision));
          return toDraft(createdEntry('draft', first));
        },
        work: (id) => create(request, reply, `draft-${id}`),
      });
      return reply.code(201).send(created);
    },
  );

  app.get(
    `${base}/function-triggers/drafts`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List drafts',
        params: InWorkspace,
        response: { 200: z.object({ drafts: z.array(DraftObject) }) },
      },
    },
    async ({ params }) => ({ drafts: engine.registry.draftsOf(params.slug).map(toDraft) }),
  );

  app.get(
    `${base}/function-triggers/drafts/:id`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'Read a draft',
        params: ById,
        response: { 200: DraftObject },
      },
      onRequest: known,
    },
    async ({ params }, reply) => show(params, reply),
  );

  app.put(
    `${base}/function-triggers/drafts/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Replace the content of a draft',
        params: ById,
        body: DraftChange.partial(),
        response: { 200: DraftObject },
      },
      onRequest: known,
    },
    (request, reply) =>
      turns.run(request.params.id, async () => {
        const { workspace, draftId, content: stored } = existing('draft', find, request.params);
        const content = contentOf(request.body, { workspace, draftId, keyRing }, stored);
        const { position } = await actors.ask(
          draftAddress(draftId),
          { type: 'SaveDraft', content },
          envelopeOf(deps, request),
          ifMatch(request),
        );
        await visible(deps, position);
        return show(request.params, reply);
      }),
  );

  app.delete(
    `${base}/function-triggers/drafts/:id`,
    {
      config: writable,
      schema: {
        tags,
        security,
        summary: 'Discard a draft',
        params: ById,
        response: { 200: z.object({ message: z.string() }) },
      },
      onRequest: known,
    },
    (request) =>
      turns.run(request.params.id, async () => {
        const { position } = await actors.ask(
          draftAddress(request.params.id),
          { type: 'DiscardDraft' },
          envelopeOf(deps, request),
          ifMatch(request),
        );
        await visible(deps, position);
        return { message: 'Draft discarded successfully' };
      }),
  );

  publishRoute(deps, plain, turns);
};
