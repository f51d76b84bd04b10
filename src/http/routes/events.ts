import { z } from 'zod';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import { isTriplineError } from '../../domain/errors.ts';
import {
  ArrivalRequest,
  isFact,
  type Recorded,
  Source,
  Verification,
} from '../../domain/events.ts';
import { arrivalStream } from '../../domain/ids.ts';
import { Payload } from '../../domain/payload.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { Instant, instantOf } from './instant.ts';
import {
  ById,
  base,
  InWorkspace,
  notFound,
  Paging,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
} from './route.ts';

const readable = { scope: 'events:read' } as const;
const tags = ['events'];
const security = tokenNeeded;

const Outcome = z.object({
  triggerId: z.string(),
  invocationId: z.string(),
  status: z.string(),
  attempt: z.number(),
  reason: z.string().nullable(),
  retryOf: z.string().nullable(),
});

const ArrivalItem = z.object({
  id: z.string(),
  position: z.string(),
  receivedAt: z.string(),
  source: Source,
  deliveryId: z.string().nullable(),
  verification: Verification.nullable(),
  bodySha256: z.string(),
  correlationId: z.string(),
  /** What became of it, per trigger; empty: no trigger had this address. */
  outcomes: z.array(Outcome),
});

const Repeat = z.object({
  at: z.string(),
  sameBody: z.boolean(),
  remote: z.string().nullable(),
});

const Arrival = ArrivalItem.extend({
  request: ArrivalRequest.nullable(),
  body: Payload,
  /** The sender's repetitions, up to sixteen. */
  repeats: z.array(Repeat),
}).meta({ id: 'Arrival' });

const toOutcome = (document: InvocationDocument): z.infer<typeof Outcome> => ({
  triggerId: document.triggerId,
  invocationId: document.invocationId,
  status: document.status,
  attempt: document.attempt,
  reason: document.reason,
  retryOf: document.retryOf,
});

const outcomesOf = async ({ views }: Pick<RouteDeps, 'views'>, arrivalId: string) => {
  const query = { where: { arrivalId }, order: 'asc', limit: 500 } as const;
  return (await views.find('invocations', query)).documents.map(toOutcome);
};

const toItem = async (
  deps: Pick<RouteDeps, 'views'>,
  { data, position, metadata }: StoredEvent & Recorded<'EventArrived'>,
): Promise<z.infer<typeof ArrivalItem>> => ({
  id: data.arrivalId,
  position,
  receivedAt: metadata.occurredAt,
  source: data.source,
  deliveryId: data.deliveryId,
  verification: data.verification,
  bodySha256: data.bodySha256,
  correlationId: metadata.$correlationId,
  outcomes: await outcomesOf(deps, data.arrivalId),
});

const isArrival = (event: StoredEvent) => isFact(event, 'EventArrived');

const historyOf = async (
  { store }: Pick<RouteDeps, 'store'>,
  { slug, id }: ById,
): Promise<readonly StoredEvent[]> => {
  try {
    const history = await store.readStream(arrivalStream(id));
    if (history[0]?.metadata.workspace === slug) return history;
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
  }
  throw notFound('event');
};

const repeatsIn = (history: readonly StoredEvent[]) =>
  history
    .filter((event) => isFact(event, 'DeliveryRepeated'))
    .map(({ data, metadata }) => ({
      at: metadata.occurredAt,
      sameBody: data.sameBody,
      remote: data.remote,
    }));

/** What came in, and what became of it. */
export const events: Resource = (deps, plain) => {
  const app = typed(plain);

  app.get(
    `${base}/events`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'List what arrived, with the outcome per trigger',
        params: InWorkspace,
        querystring: Paging.extend({
          correlationId: z.string().optional(),
          from: Instant.optional(),
          to: Instant.optional(),
        }).strict(),
        response: { 200: z.object({ events: z.array(ArrivalItem), next: z.string().nullable() }) },
      },
    },
    async ({ params, query: { from, to, ...paging } }) => {
      const page = await deps.views.audit({
        workspace: params.slug,
        types: ['EventArrived'],
        fromTime: from && instantOf(from),
        toTime: to && instantOf(to),
        ...paging,
      });
      const items = page.events.filter(isArrival).map((event) => toItem(deps, event));
      return { events: await Promise.all(items), next: page.next };
    },
  );

  app.get(
    `${base}/events/:id`,
    {
      config: readable,
      schema: {
        tags,
        security,
        summary: 'Read what arrived',
        params: ById,
        response: { 200: Arrival },
      },
    },
    async ({ params }) => {
      const history = await historyOf(deps, params);
      const arrival = history.find(isArrival);
      if (!arrival) throw notFound('event');
      const { request, body } = arrival.data;
      return { ...(await toItem(deps, arrival)), request, body, repeats: repeatsIn(history) };
    },
  );
};
