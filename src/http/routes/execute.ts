import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { invocationAddress } from '../../actors/addresses.ts';
import { TriplineError } from '../../domain/errors.ts';
import { isFact } from '../../domain/events.ts';
import { arrivalIdOf, arrivalStream, invocationIdOf } from '../../domain/ids.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { principalOn } from '../access.ts';
import { beginningOf } from '../idempotency.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type Receipt, recordArrival } from '../ingress/record-arrival.ts';
import { takePayload } from '../json-body.ts';
import { invalidField } from '../refusals.ts';
import {
  ById,
  base,
  existing,
  mustExist,
  notFound,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';

const nothing = Buffer.alloc(0);
const source = (triggerId: string) => ({ kind: 'on-demand', key: triggerId });

const bytesOf = ({ body }: FastifyRequest): Buffer => (body as Buffer | undefined) ?? nothing;

const otherBody = () =>
  new TriplineError('idempotency-mismatch', 'this key came with another body');

/** An execution with a key is an arrival of that name, so the log itself tells repetitions. */
const arrivalOf = async (
  { store }: Pick<RouteDeps, 'store'>,
  request: FastifyRequest,
): Promise<StoredEvent | undefined> => {
  const { slug, id } = request.params as ById;
  const key = idempotencyKeyOf(request);
  if (key === undefined) return undefined;
  const { kind } = source(id);
  return await beginningOf(store, arrivalStream(arrivalIdOf(slug, `${kind}/${id}`, key)));
};

const mustBeExecutable = ({ executionType, status }: TriggerEntry): void => {
  if (executionType !== 'on-demand')
    throw invalidField('executionType', `is ${executionType}, only on-demand can be executed`);
  if (status === 'paused') throw new TriplineError('conflict', 'the trigger is stopped');
};

/**
 * The router queues the invocation right after it has seen the arrival, so whoever then asks in the
 * same mailbox is answered after it: reads that follow know the job.
 */
const jobOf = async (
  { engine, actors, views }: RouteDeps,
  triggerId: string,
  { arrivalId, position }: Pick<Receipt, 'arrivalId' | 'position'>,
): Promise<string> => {
  const jobId = invocationIdOf(arrivalId, triggerId);
  if (position !== undefined) await engine.reached(position);
  const queued = await actors.read(invocationAddress(jobId));
  await visible({ engine, views }, queued.position);
  return jobId;
};

/** Runs an on-demand trigger; the whole body is what the function gets. */
export const execute: Resource = (deps, plain) => {
  const find = (id: string) => deps.engine.registry.triggerById(id);

  const run = async (request: FastifyRequest): Promise<string> => {
    const trigger = existing('trigger', find, request.params as ById);
    mustBeExecutable(trigger);
    const receipt = await recordArrival(deps.actors, {
      workspace: trigger.workspace,
      actor: principalOn(request).actor,
      receivedAt: deps.clock.now(),
      source: source(trigger.triggerId),
      deliveryId: idempotencyKeyOf(request) ?? null,
      request: null,
      verification: null,
      rawBody: bytesOf(request),
    });
    if (receipt.repeat === 'other-body') throw otherBody();
    return await jobOf(deps, trigger.triggerId, receipt);
  };

  const repeat = async (request: FastifyRequest, arrival: StoredEvent): Promise<string> => {
    if (!isFact(arrival, 'EventArrived')) throw notFound('trigger');
    const { arrivalId, bodySha256 } = arrival.data;
    if (hash('sha256', bytesOf(request), 'hex') !== bodySha256) throw otherBody();
    const { id } = request.params as ById;
    return await jobOf(deps, id, { arrivalId, position: arrival.position });
  };

  plain.register((scope, _, done) => {
    takePayload(scope);
    typed(scope).post(
      `${base}/function-triggers/:id/execute`,
      {
        config: { scope: 'function-triggers:write' },
        schema: {
          tags: ['function-triggers'],
          security: tokenNeeded,
          summary: 'Execute an on-demand trigger',
          description: 'Any JSON value is taken as it is; no body counts as {}.',
          params: ById,
          response: { 200: z.string().describe('The id of the job.') },
        },
        onRequest: deps.idempotency.unlessAnswered(
          (request) => arrivalOf(deps, request),
          mustExist('trigger', find),
        ),
      },
      async (request, reply) => {
        const jobId = await deps.idempotency.once(request, reply, {
          find: () => arrivalOf(deps, request),
          repeat: (arrival) => repeat(request, arrival),
          work: () => run(request),
        });
        return reply.type('application/json').send(JSON.stringify(jobId));
      },
    );
    done();
  });
};
