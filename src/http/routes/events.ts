import { z } from 'zod';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import { arrivalAddress } from '../../actors/addresses.ts';
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
import { publishedIdOf } from '../ingress/publication.ts';
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
  visible,
} from './route.ts';

const readable = { scope: 'events:read' } as const;
const tags = ['events'];
const security = tokenNeeded;

const Outcome = z.object({
  triggerId: z.string(),
  /** Null where nothing was invoked. */
  invocationId: z.string().nullable(),
  status: z.string(),
  /** The same in one line, as in `not matched: stopped` or `dropped: queue full`. */
  outcome: z.string(),
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

type Outcome = z.infer<typeof Outcome>;

const oneLine = ({ status, reason }: Pick<InvocationDocument, 'status' | 'reason'>): string => {
  if (reason === null) return status;
  return reason.startsWith('dropped: ') ? reason : `${status}: ${reason}`;
};

const toOutcome = (document: InvocationDocument): Outcome => ({
  triggerId: document.triggerId,
  invocationId: document.invocationId,
  status: document.status,
  outcome: oneLine(document),
  attempt: document.attempt,
  reason: document.reason,
  retryOf: document.retryOf,
});

const idle = { paused: 'stopped', suspended: 'suspended' } as const;

const passedOver = (history: readonly StoredEvent[]): readonly Outcome[] =>
  history
    .filter((event) => isFact(event, 'EventWithheld'))
    .flatMap(({ data }) => data.triggers)
    .map(({ triggerId, reason }) => ({
      triggerId,
      invocationId: null,
      status: 'not matched',
      outcome: `not matched: ${idle[reason]}`,
      attempt: 0,
      reason: idle[reason],
      retryOf: null,
    }));

const outcomesOf = async ({ views }: Pick<RouteDeps, 'views'>, arrivalId: string) => {
  const query = { where: { arrivalId }, order: 'asc', limit: 500 } as const;
  return (await views.find('invocations', query)).documents.map(toOutcome);
};

/** All that was recorded about an arrival after it. */
const laterOf = ({ store }: Pick<RouteDeps, 'store'>, { stream }: StoredEvent) =>
  store.readStream(stream, { from: 1 });

/** As the router has left it: what it has to say of an arrival goes through the same mailbox. */
const routed = async (deps: RouteDeps, { position, data }: Recorded<'EventArrived'>) => {
  await visible(deps, position);
  await deps.actors.read(arrivalAddress(data.arrivalId));
};

const toItem = async (
  deps: Pick<RouteDeps, 'views'>,
  { data, position, metadata }: StoredEvent & Recorded<'EventArrived'>,
  later: readonly StoredEvent[],
): Promise<z.infer<typeof ArrivalItem>> => ({
  id: data.arrivalId,
  position,
  receivedAt: metadata.occurredAt,
  source: data.source,
  deliveryId: data.deliveryId,
  verification: data.verification,
  bodySha256: data.bodySha256,
  correlationId: metadata.$correlationId,
  outcomes: [...(await outcomesOf(deps, data.arrivalId)), ...passedOver(later)],
});

const isArrival = (event: StoredEvent) => isFact(event, 'EventArrived');

const streamOf = async (
  { store }: Pick<RouteDeps, 'store'>,
  { slug, id }: ById,
): Promise<readonly StoredEvent[] | undefined> => {
  try {
    const history = await store.readStream(arrivalStream(id));
    return history[0]?.metadata.workspace === slug ? history : undefined;
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
    return undefined;
  }
};

/** By its id in the log, or by the one its publisher gave it. */
const historyOf = async (deps: Pick<RouteDeps, 'store'>, { slug, id }: ById) => {
  const history =
    (await streamOf(deps, { slug, id })) ??
    (await streamOf(deps, { slug, id: publishedIdOf(slug, 'events', id) }));
  if (!history) throw notFound('event');
  return history;
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
      const items = page.events
        .filter(isArrival)
        .map(async (event) => toItem(deps, event, await laterOf(deps, event)));
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
      await routed(deps, arrival);
      const later = await laterOf(deps, arrival);
      const { request, body } = arrival.data;
      const item = await toItem(deps, arrival, later);
      return { ...item, request, body, repeats: repeatsIn(later) };
    },
  );
};
