import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Chance } from '../../domain/chance.ts';
import { TriplineError } from '../../domain/errors.ts';
import {
  BusEvent,
  eventOf,
  Message,
  messageOf,
  type Publication,
  publishedIdOf,
  RecordEvent,
} from '../../intake/publication.ts';
import { recordArrival } from '../../intake/record-arrival.ts';
import { publishedTraceIn } from '../../intake/trace.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type SentJson, takeJsonText } from '../json-body.ts';
import { standIn } from '../long-json.ts';
import { type Reframed, reframed } from '../reframed.ts';
import { letGoOfBody, roomOfBody } from '../whole-body.ts';
import { base, envelopeOf, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

const Accepted = z.object({
  status: z.literal('accepted'),
  event_id: z.string(),
  /** Known before, so nothing is called; left out otherwise. */
  duplicate: z.literal(true).optional(),
});

const nothing: SentJson = {
  ...{ value: undefined, text: '', leftOut: undefined },
  bytes: Buffer.alloc(0),
};
const sentWith = (request: FastifyRequest): SentJson =>
  (request.body as SentJson | undefined) ?? nothing;

/**
 * The id of the event in the log, and where that comes from: the publisher's own id of the event, or
 * else of this request, or else nothing.
 */
const nameOf = (
  { chance }: { readonly chance: Chance },
  request: FastifyRequest,
  workspace: string,
  among: 'events' | 'messages',
  givenId: string | null,
): { readonly arrivalId: string; readonly deliveryId: string | null } => {
  if (givenId !== null)
    return { arrivalId: publishedIdOf(workspace, among, givenId), deliveryId: givenId };
  const key = idempotencyKeyOf(request);
  if (key === undefined) return { arrivalId: chance.newId(), deliveryId: null };
  return { arrivalId: publishedIdOf(workspace, 'requests', `${among}/${key}`), deliveryId: key };
};

const otherBody = (givenId: string | null, arrivalId: string): TriplineError =>
  givenId === null
    ? new TriplineError('idempotency-mismatch', 'this key came with another body')
    : new TriplineError(
        'idempotency-key-reused',
        `this id stands for event ${arrivalId}, which was published with another body`,
      );

/** What is kept of it beside what was sent; a text with something left out gets it back. */
const bodiesOf = (request: FastifyRequest, text: string): Reframed => {
  const { bytes, leftOut } = sentWith(request);
  const [before = '', behind] = text.split(standIn);
  if (behind === undefined || leftOut === undefined)
    return { body: Buffer.from(text), sent: [bytes] };
  const frame = [Buffer.from(before), Buffer.from(behind)] as const;
  return reframed(frame[0], bytes, leftOut, frame[1], roomOfBody(request));
};

/**
 * The id that functions and the publisher know it by, and that of the event in the log. An id that
 * the publisher used before stands for what it published then, byte for byte, and for nothing else.
 */
const publish = async (
  deps: RouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  among: 'events' | 'messages',
  { source, givenId, said, payload }: Publication,
) => {
  const { workspace, actor } = envelopeOf(deps, request);
  const { arrivalId, deliveryId } = nameOf(deps, request, workspace, among, givenId);
  const id = givenId ?? arrivalId;
  const receivedAt = deps.clock.now();
  const { body, sent } = bodiesOf(request, payload(id, receivedAt));
  const { repeat } = await recordArrival(deps, {
    ...{ workspace, actor, receivedAt, source, arrivalId, deliveryId },
    trace: publishedTraceIn(request.headers, said),
    request: null,
    verification: null,
    rawBody: body,
    sentBody: sent,
    letGo: () => letGoOfBody(request),
  });
  if (repeat === 'other-body') throw otherBody(givenId, arrivalId);
  if (repeat === 'no') return { id, arrivalId };
  // With a key of the request the answer is the same one again; what says so is its header.
  if (givenId === null) reply.header('idempotency-replayed', 'true');
  return { id, arrivalId, ...(givenId !== null && { duplicate: true as const }) };
};

/**
 * Events and messages from programs; 202 says that they are on disk, also where nobody listens. The
 * forms are checked by what reads them: which one is meant decides what is missing.
 */
export const publishing = resource({ tag: 'events', at: base, right: 'events' }, (deps) => [
  row({
    operationId: 'publishEvent',
    method: 'POST',
    path: '/events',
    summary: 'Publish an event: of a record, or on the bus',
    takes: takeJsonText,
    body: z.union([RecordEvent, BusEvent]),
    status: 202,
    answer: Accepted,
    handle: async (request, reply) => {
      const publication = eventOf(sentWith(request), request.params.slug);
      const published = await publish(deps, request, reply, 'events', publication);
      const { id, arrivalId: _, ...known } = published;
      return { status: 'accepted' as const, event_id: id, ...known };
    },
  }),
  row({
    operationId: 'publishMessage',
    method: 'POST',
    path: '/messages',
    summary: 'Publish a message to a topic',
    takes: takeJsonText,
    body: Message,
    status: 202,
    answer: Accepted.extend({ message_id: z.string() }),
    handle: async (request, reply) => {
      const publication = messageOf(sentWith(request));
      const published = await publish(deps, request, reply, 'messages', publication);
      const { id, arrivalId, ...known } = published;
      return { status: 'accepted' as const, event_id: arrivalId, message_id: id, ...known };
    },
  }),
]);
