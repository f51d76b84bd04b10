import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { TriplineError } from '../../domain/errors.ts';
import { isFact } from '../../domain/events.ts';
import { arrivalIdOf, arrivalStream, invocationIdOf } from '../../domain/ids.ts';
import { invalidField } from '../../domain/invalid.ts';
import type { Json } from '../../domain/json.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { type Receipt, recordArrival } from '../../intake/record-arrival.ts';
import { isSameBody } from '../../intake/same-body.ts';
import { traceIn } from '../../intake/trace.ts';
import { beginningOf } from '../../log/beginning.ts';
import { mustSuitSchema } from '../../operations/payload-schema.ts';
import { principalOn } from '../access.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { takePayload } from '../json-body.ts';
import { gone, waitApplied, waitAsked } from '../preference.ts';
import { letGoOfBody } from '../whole-body.ts';
import { Job, toJob } from './jobs.ts';
import {
  type ById,
  base,
  existing,
  mustExist,
  notFound,
  type RouteDeps,
  visible,
} from './route.ts';
import { resource, row } from './rows.ts';

const nothing = Buffer.alloc(0);
const source = (triggerId: string) => ({ kind: 'on-demand', key: triggerId });

const bytesOf = ({ body }: FastifyRequest): Buffer => (body as Buffer | undefined) ?? nothing;

/** Of a body that was taken as JSON. */
const valueIn = (bytes: Buffer): Json =>
  bytes.length === 0 ? {} : JSON.parse(new TextDecoder().decode(bytes));

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
 * The router queues the invocation right after it has seen the arrival, so whoever then asks its
 * lane is answered after it: reads that follow know the job.
 */
const jobOf = async (
  { engine, views }: RouteDeps,
  triggerId: string,
  { arrivalId, position }: Pick<Receipt, 'arrivalId' | 'position'>,
): Promise<string> => {
  const jobId = invocationIdOf(arrivalId, triggerId);
  if (position !== undefined) await engine.reached(position);
  const { position: upTo } = await engine.invocations.settled(jobId);
  await visible({ engine, views }, position);
  await visible({ engine, views }, upTo);
  if ((await views.get('invocations', jobId)) === undefined)
    throw new TriplineError('conflict', 'the trigger is deleted');
  return jobId;
};

/** Runs an on-demand trigger; the whole body is what the function gets. */
export const execute = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers`, right: 'function-triggers' },
  (deps) => {
    const find = (id: string) => deps.engine.registry.triggerById(id);

    const run = async (request: FastifyRequest): Promise<string> => {
      const trigger = existing('trigger', find, request.params as ById);
      mustBeExecutable(trigger);
      mustSuitSchema(trigger.triggerMetadata, () => valueIn(bytesOf(request)));
      const receipt = await recordArrival(deps, {
        workspace: trigger.workspace,
        actor: principalOn(request).actor,
        receivedAt: deps.clock.now(),
        source: source(trigger.triggerId),
        deliveryId: idempotencyKeyOf(request) ?? null,
        trace: traceIn(request.headers),
        request: null,
        verification: null,
        rawBody: bytesOf(request),
        // With a key it is looked at once more.
        ...(request.idempotency === undefined && { letGo: () => letGoOfBody(request) }),
        acceptedFor: { triggerId: trigger.triggerId, version: trigger.version },
      });
      if (receipt.repeat === 'other-body') throw otherBody();
      return await jobOf(deps, trigger.triggerId, receipt);
    };

    const repeat = async (request: FastifyRequest, arrival: StoredEvent): Promise<string> => {
      if (!isFact(arrival, 'EventArrived')) throw notFound('trigger');
      const { arrivalId } = arrival.data;
      if (!(await isSameBody(deps.store, arrival, [bytesOf(request)]))) throw otherBody();
      const { id } = request.params as ById;
      return await jobOf(deps, id, { arrivalId, position: arrival.position });
    };

    const ended = async (jobId: string, request: FastifyRequest, reply: FastifyReply) => {
      const wait = waitAsked(request);
      if (wait === 0) return undefined;
      const { endings } = deps.operations;
      const document = await endings.ended(jobId, wait * 1_000, gone(reply));
      if (document === undefined) return undefined;
      waitApplied(reply, wait);
      return Job.parse(await toJob(deps, document));
    };

    return [
      row({
        operationId: 'executeTrigger',
        method: 'POST',
        path: '/:id/execute',
        summary: 'Execute an on-demand trigger',
        description:
          'Any JSON value is taken as it is; no body counts as {}. Where the trigger has a `schema`, a body that is not like it is a 400 that names each mistake by a JSON pointer, and nothing is recorded. With `Prefer: wait=` seconds the answer is the job, if it ends in that time.',
        body: z.unknown(),
        answer: z.union([z.string().describe('The id of the job.'), Job]),
        takes: takePayload,
        before: [
          deps.idempotency.unlessAnswered(
            (request) => arrivalOf(deps, request),
            mustExist('trigger', find),
          ),
        ],
        handle: async (request, reply) => {
          const jobId = await deps.idempotency.once(request, reply, {
            find: () => arrivalOf(deps, request),
            repeat: (arrival) => repeat(request, arrival),
            work: () => run(request),
          });
          const answer = (await ended(jobId, request, reply)) ?? jobId;
          return reply.type('application/json').send(JSON.stringify(answer));
        },
      }),
    ];
  },
);
