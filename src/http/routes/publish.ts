import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TriplineError } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import {
  BusEvent,
  eventOf,
  Message,
  messageOf,
  type Publication,
  publishedIdOf,
  RecordEvent,
} from '../ingress/publication.ts';
import { recordArrival } from '../ingress/record-arrival.ts';
import { type JsonText, takeJsonText } from '../json-body.ts';
import {
  base,
  envelopeOf,
  InWorkspace,
  type Resource,
  type RouteDeps,
  tokenNeeded,
} from './route.ts';

const writable = { scope: 'events:write' } as const;
const tags = ['events'];
const security = tokenNeeded;
const params = InWorkspace;
const Accepted = z.object({ status: z.literal('accepted'), event_id: z.string() });

const nothing: JsonText = { value: undefined, text: '' };
const sentWith = (request: FastifyRequest): JsonText =>
  (request.body as JsonText | undefined) ?? nothing;

const workspaceOf = (request: FastifyRequest): string =>
  (request.params as z.infer<typeof InWorkspace>).slug;

/**
 * The id of the event in the log, and where that comes from: the publisher's own id of the event, or
 * else of this request, or else nothing.
 */
const nameOf = (
  request: FastifyRequest,
  among: 'events' | 'messages',
  givenId: string | null,
): { readonly arrivalId: string; readonly deliveryId: string | null } => {
  const workspace = workspaceOf(request);
  if (givenId !== null)
    return { arrivalId: publishedIdOf(workspace, among, givenId), deliveryId: givenId };
  const key = idempotencyKeyOf(request);
  if (key === undefined) return { arrivalId: newId(), deliveryId: null };
  return { arrivalId: publishedIdOf(workspace, 'requests', `${among}/${key}`), deliveryId: key };
};

/**
 * The id that functions and the publisher know it by, and that of the event in the log. An id that
 * the publisher used before stands for what it published then.
 */
const publish = async (
  deps: RouteDeps,
  request: FastifyRequest,
  among: 'events' | 'messages',
  { source, givenId, payload }: Publication,
) => {
  const { workspace, actor } = envelopeOf(deps, request);
  const { arrivalId, deliveryId } = nameOf(request, among, givenId);
  const id = givenId ?? arrivalId;
  const receivedAt = deps.clock.now();
  const { repeat } = await recordArrival(deps.actors, {
    ...{ workspace, actor, receivedAt, source, arrivalId, deliveryId },
    request: null,
    verification: null,
    rawBody: Buffer.from(payload(id, receivedAt)),
    sentBody: Buffer.from(sentWith(request).text),
  });
  if (repeat === 'other-body' && givenId === null)
    throw new TriplineError('idempotency-mismatch', 'this key came with another body');
  return { id, arrivalId };
};

/** The forms are checked by the handlers: which one is meant decides what is missing. */
const validatorCompiler = () => (value: unknown) => ({ value });

/** Events and messages from programs; 202 says that they are on disk, also where nobody listens. */
export const publishing: Resource = (deps, plain) => {
  plain.register((app, _, done) => {
    takeJsonText(app);

    app.post(
      `${base}/events`,
      {
        config: writable,
        validatorCompiler,
        schema: {
          tags,
          security,
          summary: 'Publish an event: of a record, or on the bus',
          params,
          body: z.union([RecordEvent, BusEvent]),
          response: { 202: Accepted },
        },
      },
      async (request, reply) => {
        const publication = eventOf(sentWith(request), workspaceOf(request));
        const { id } = await publish(deps, request, 'events', publication);
        return reply.code(202).send({ status: 'accepted', event_id: id });
      },
    );

    app.post(
      `${base}/messages`,
      {
        config: writable,
        validatorCompiler,
        schema: {
          tags,
          security,
          summary: 'Publish a message to a topic',
          params,
          body: Message,
          response: { 202: Accepted.extend({ message_id: z.string() }) },
        },
      },
      async (request, reply) => {
        const publication = messageOf(sentWith(request));
        const { id, arrivalId } = await publish(deps, request, 'messages', publication);
        return reply.code(202).send({ status: 'accepted', event_id: arrivalId, message_id: id });
      },
    );
    done();
  });
};
