import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { invocationAddress } from '../../actors/addresses.ts';
import { TriplineError } from '../../domain/errors.ts';
import { invocationIdOf } from '../../domain/ids.ts';
import { principalOn } from '../access.ts';
import { type Receipt, recordArrival } from '../ingress/record-arrival.ts';
import { takePayload } from '../json-body.ts';
import { invalidField } from '../refusals.ts';
import {
  ById,
  base,
  existing,
  mustExist,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';

const nothing = Buffer.alloc(0);
const keyForm = /^"?([\x21\x23-\x7e]{1,255})"?$/;

/** The caller's own id of this execution; the same again gives the same job. */
const idempotencyKeyOf = (header: string | string[] | undefined): string | null => {
  if (header === undefined) return null;
  const key = typeof header === 'string' ? keyForm.exec(header)?.[1] : undefined;
  if (key === undefined) throw invalidField('Idempotency-Key', 'must be one printable text');
  return key;
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
  { triggerId }: TriggerEntry,
  { arrivalId, position, repeat }: Receipt,
): Promise<string> => {
  if (repeat === 'other-body')
    throw new TriplineError('idempotency-key-reused', 'this key came with another body');
  const jobId = invocationIdOf(arrivalId, triggerId);
  if (position !== undefined) await engine.reached(position);
  const queued = await actors.read(invocationAddress(jobId));
  await visible({ engine, views }, queued.position);
  return jobId;
};

/** Runs an on-demand trigger; the whole body is what the function gets. */
export const execute: Resource = (deps, plain) => {
  const find = (id: string) => deps.engine.registry.triggerById(id);

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
        onRequest: mustExist('trigger', find),
      },
      async (request, reply) => {
        const trigger = existing('trigger', find, request.params);
        mustBeExecutable(trigger);
        const receipt = await recordArrival(deps.actors, {
          workspace: trigger.workspace,
          actor: principalOn(request).actor,
          receivedAt: deps.clock.now(),
          source: { kind: 'on-demand', key: trigger.triggerId },
          deliveryId: idempotencyKeyOf(request.headers['idempotency-key']),
          request: null,
          verification: null,
          rawBody: (request.body as Buffer | undefined) ?? nothing,
        });
        return reply
          .type('application/json')
          .send(JSON.stringify(await jobOf(deps, trigger, receipt)));
      },
    );
    done();
  });
};
