import { z } from 'zod';
import { isFact } from '../../domain/events.ts';
import { ArrivalRequest, Source, Verification } from '../../domain/facts/arrival-facts.ts';
import { given } from '../../domain/given.ts';
import { Payload } from '../../domain/payload.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { partsOfPayload } from '../../log/payload-reader.ts';
import type { FindQuery } from '../../views/views.ts';
import { withPayload } from '../payload-json.ts';
import { Forgotten, forgottenOf, historyOf, routed } from './arrival-history.ts';
import { Outcome, OutcomeName, outcomesOf } from './arrival-outcomes.ts';
import { type FoundArrival, searchArrivals } from './arrival-search.ts';
import { Instant, instantOf } from './instant.ts';
import { Next, Paging } from './paging.ts';
import { base, notFound } from './route.ts';
import { resource, row } from './rows.ts';

const ArrivalItem = z.object({
  id: z.string(),
  position: z.string(),
  receivedAt: z.string(),
  source: Source,
  deliveryId: z.string().nullable(),
  verification: Verification.nullable(),
  /** In bytes. */
  bodySize: z.number(),
  correlationId: z.string(),
  /** What became of it, per trigger; empty: no trigger had this address, or none wanted it. */
  outcomes: z.array(Outcome),
});

const Repeat = z.object({
  at: z.string(),
  sameBody: z.boolean(),
  remote: z.string().nullable(),
});

const Arrival = ArrivalItem.extend({
  request: ArrivalRequest.nullable(),
  /** Null once it was forgotten. */
  body: Payload.nullable(),
  forgotten: Forgotten.nullable(),
  /** The sender's repetitions, up to sixteen. */
  repeats: z.array(Repeat),
}).meta({ id: 'Arrival' });
const Rest = Arrival.omit({ body: true });

const toItem = ({ document, outcomes }: FoundArrival): z.infer<typeof ArrivalItem> => {
  const { arrivalId: id, sourceKind: kind, sourceKey: key, ...arrival } = document;
  return {
    id,
    position: arrival.position,
    receivedAt: arrival.receivedAt,
    source: { kind, key },
    deliveryId: arrival.deliveryId,
    verification: arrival.verification,
    bodySize: arrival.bodySize,
    correlationId: arrival.correlationId,
    outcomes: [...outcomes],
  };
};

const repeatsIn = (history: readonly StoredEvent[]) =>
  history
    .filter((event) => isFact(event, 'DeliveryRepeated'))
    .map(({ data, metadata }) => ({
      at: metadata.occurredAt,
      sameBody: data.sameBody,
      remote: data.remote,
    }));

const Filters = Paging.extend({
  /** As the sender gave it. */
  deliveryId: z.string().optional(),
  sourceKind: z.string().optional(),
  /** A webhook's path, a topic, an event's name, a trigger's id. */
  sourceKey: z.string().optional(),
  correlationId: z.string().optional(),
  trigger: z.string().min(1).max(64).optional().describe('What this trigger was concerned with.'),
  outcome: OutcomeName.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});

const queryOf = (
  workspace: string,
  { from, to, order, after, limit, trigger: _, outcome: __, ...filters }: z.infer<typeof Filters>,
): FindQuery => {
  const span = given({ from: from && instantOf(from), to: to && instantOf(to) });
  return {
    where: { workspace, ...given(filters) },
    between: { column: 'receivedAt', ...span },
    ...{ order, after, limit },
  };
};

/** What came in, and what became of it. */
export const events = resource({ tag: 'events', at: `${base}/events`, right: 'events' }, (deps) => [
  row({
    operationId: 'listEvents',
    method: 'GET',
    path: '',
    summary: 'List what arrived, with the outcome per trigger',
    description:
      'With `trigger` or `outcome` up to 2 000 events are looked at for one answer: a page may be short, and still have a `next`.',
    query: Filters,
    answer: z.object({ events: z.array(ArrivalItem), next: Next }),
    handle: async ({ params, query }) => {
      const { found, next } = await searchArrivals(deps, queryOf(params.slug, query), query);
      return { events: found.map(toItem), next };
    },
  }),
  row({
    operationId: 'getEvent',
    method: 'GET',
    path: '/:id',
    summary: 'Read what arrived',
    answer: Arrival,
    handle: async ({ params }, reply) => {
      const [arrival] = await historyOf(deps, params);
      await routed(deps, arrival);
      const later = await deps.store.readStream(arrival.stream);
      const { arrivalId } = arrival.data;
      const document = await deps.views.get('arrivals', arrivalId);
      if (document === undefined) throw notFound('event');
      const outcomes = (await outcomesOf(deps, [document])).get(arrivalId) ?? [];
      const item = toItem({ document, outcomes });
      const { request, body } = arrival.data;
      const forgotten = await forgottenOf(deps, arrival, later);
      const rest = { ...item, request, forgotten, repeats: repeatsIn(later) };
      if (forgotten !== null) return { ...rest, body: null };
      if ('encoding' in body) return { ...rest, body };
      const parts = () => partsOfPayload(deps.store, arrival.position, body);
      const written = await withPayload(Rest.parse(rest), 'body', parts);
      return reply.type('application/json; charset=utf-8').send(written);
    },
  }),
]);
