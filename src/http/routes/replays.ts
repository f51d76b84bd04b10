import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ReplayDocument } from '../../../projections/replays.ts';
import { isFact } from '../../domain/events.ts';
import { given } from '../../domain/given.ts';
import { historyOf } from '../../domain/history.ts';
import { replayStream } from '../../domain/ids.ts';
import { replayLifecycle } from '../../domain/replay/decider.ts';
import { beginningOf } from '../../log/beginning.ts';
import type { ReplayWish } from '../../operations/replays.ts';
import { principalOn } from '../access.ts';
import { streamIn } from './entity-stream.ts';
import { pageOfSteps, Steps } from './histories.ts';
import { InvocationItem, Status, toItem } from './invocations.ts';
import { Next, Paging, PagingFromFirst } from './paging.ts';
import { NewReplay, Redrive, redriveWishOf, wishOf } from './replay-forms.ts';
import { pageOfSkips, SkippedItem } from './replay-skips.ts';
import { PreviewObject, Replay, toPreview, toReplay } from './replay-wire.ts';
import {
  type ById,
  base,
  envelopeOf,
  type InWorkspace,
  notFound,
  type RouteDeps,
} from './route.ts';
import { resource, row } from './rows.ts';

/** The replay, if this workspace has it. */
const replayIn = async (
  { views }: Pick<RouteDeps, 'views'>,
  { slug, id }: ById,
): Promise<ReplayDocument> => {
  const document = await views.get('replays', id);
  if (document?.workspace !== slug) throw notFound('replay');
  return document;
};

type Asked = FastifyRequest<{ Params: InWorkspace; Body: { readonly dryRun: boolean } }>;

/** Counts, or asks for it: once, however often the request is sent with the same key. */
const requestOr = async (
  deps: RouteDeps,
  request: Asked,
  reply: FastifyReply,
  wish: () => Promise<ReplayWish>,
): Promise<Replay | FastifyReply> => {
  const { operations, idempotency, store } = deps;
  const { slug } = request.params;
  if (request.body.dryRun) {
    const order = await operations.replays.orderOf(slug, await wish());
    return reply.code(200).send(toPreview(await operations.replays.preview(slug, order)));
  }
  const answer = async (id: string) => toReplay(deps, await replayIn(deps, { slug, id }));
  return await idempotency.once(request, reply, {
    find: (id) => beginningOf(store, replayStream(id)),
    repeat: (first) => answer(isFact(first, 'ReplayRequested') ? first.data.replayId : ''),
    work: async (id) => {
      const order = await operations.replays.orderOf(slug, await wish());
      await operations.replays.request(id, order, envelopeOf(deps, request));
      return await answer(id);
    },
  });
};

const others = { 200: PreviewObject };

/** What ended dead, delivered again. */
export const redriveDeadLetters = resource(
  { tag: 'invocations', at: `${base}/dead-letters`, right: 'function-triggers' },
  (deps) => [
    row({
      operationId: 'redriveDeadLetters',
      method: 'POST',
      path: '/redrive',
      summary: 'Deliver again what ended dead, as a replay',
      description:
        'Those that the list shows by the same filters when it is asked for. With `dryRun` it is only counted, and answered with 200.',
      body: Redrive,
      status: 202,
      answer: Replay,
      others,
      handle: (request, reply) =>
        requestOr(deps, request, reply, () => redriveWishOf(deps, request.body)),
    }),
  ],
);

const changes = [
  ['pause', 'Pause a replay that runs'],
  ['resume', 'Go on with a paused replay'],
] as const;

/** History delivered again, as new invocations. */
export const replays = resource(
  { tag: 'replays', at: `${base}/replays`, right: 'function-triggers' },
  (deps) => {
    const { views, operations } = deps;
    const known = async ({ params }: { params: unknown }) => {
      await replayIn(deps, params as ById);
    };
    const shown = async (params: ById) => toReplay(deps, await replayIn(deps, params));

    return [
      row({
        operationId: 'createReplay',
        method: 'POST',
        path: '',
        summary: 'Deliver what arrived again',
        description:
          'What arrives from now on is no part of it. With `dryRun` it is only counted, and answered with 200.',
        body: NewReplay,
        status: 202,
        answer: Replay,
        others,
        handle: (request, reply) =>
          requestOr(deps, request, reply, () => wishOf(deps, request.body)),
      }),
      row({
        operationId: 'listReplays',
        method: 'GET',
        path: '',
        summary: 'List replays',
        query: Paging.extend({ status: Replay.shape.status.optional() }),
        answer: z.object({ replays: z.array(Replay), next: Next }),
        handle: async ({ params, query }) => {
          const { status, ...paging } = query;
          const where = { workspace: params.slug, ...given({ status }) };
          const { documents, next } = await views.find('replays', { where, ...paging });
          const shownAll = await Promise.all(documents.map((each) => toReplay(deps, each)));
          return { replays: shownAll, next };
        },
      }),
      row({
        operationId: 'getReplay',
        method: 'GET',
        path: '/:id',
        summary: 'Read a replay',
        answer: Replay,
        handle: ({ params }) => shown(params),
      }),
      ...changes.map(([change, summary]) =>
        row({
          operationId: `${change}Replay`,
          method: 'POST',
          path: `/:id/${change}`,
          summary,
          answer: Replay,
          before: [known],
          handle: async (request) => {
            await operations.replays[change](request.params.id, envelopeOf(deps, request));
            return await shown(request.params);
          },
        }),
      ),
      row({
        operationId: 'cancelReplay',
        method: 'POST',
        path: '/:id/cancel',
        summary: 'End a replay; what it has queued and does not run yet is cancelled',
        answer: Replay,
        before: [known],
        handle: async (request) => {
          const reason = `by ${principalOn(request).subject}`;
          await operations.replays.cancel(request.params.id, reason, envelopeOf(deps, request));
          return await shown(request.params);
        },
      }),
      row({
        operationId: 'listReplayInvocations',
        method: 'GET',
        path: '/:id/invocations',
        summary: 'List what a replay has queued',
        query: PagingFromFirst.extend({ status: Status.optional() }),
        answer: z.object({ invocations: z.array(InvocationItem), next: Next }),
        handle: async ({ params, query }) => {
          const { replayId } = await replayIn(deps, params);
          const { status, ...paging } = query;
          const where = { replayId, ...given({ status }) };
          const { documents, next } = await views.find('invocations', { where, ...paging });
          return { invocations: documents.map(toItem), next };
        },
      }),
      row({
        operationId: 'listReplaySkips',
        method: 'GET',
        path: '/:id/skipped',
        summary: 'List what a replay passed over, and why',
        description: 'But for what had succeeded before, which is only counted.',
        query: PagingFromFirst.omit({ order: true }),
        answer: z.object({ skipped: z.array(SkippedItem), next: Next }),
        handle: async ({ params, query }) => {
          const { replayId } = await replayIn(deps, params);
          return await pageOfSkips(deps.store, replayId, query);
        },
      }),
      row({
        operationId: 'getReplayHistory',
        method: 'GET',
        path: '/:id/history',
        summary: "Step through a replay's states",
        query: PagingFromFirst,
        answer: Steps,
        handle: async ({ params: { slug, id }, query }) => {
          const events = await streamIn(deps, slug, 'replay', replayStream(id));
          return pageOfSteps(historyOf(replayLifecycle, events), query);
        },
      }),
    ];
  },
);
