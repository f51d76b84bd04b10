import type { Json } from '../domain/json.ts';
import { jsonOf } from '../domain/json-body.ts';
import type { Arrival, TriggerKind } from './kind.ts';

export interface Call {
  readonly kind: Pick<TriggerKind, 'present'>;
  readonly arrival: Arrival;
  /** When the arrival was recorded, ISO 8601. */
  readonly arrivedAt: string;
  readonly trigger: {
    readonly triggerId: string;
    readonly name: string;
    readonly executionType: string;
  };
  readonly functionId: string;
  readonly workspace: string;
  readonly invocationId: string;
  readonly attempt: number;
  /** The trigger's `params` with what was encrypted in the clear; only ever in memory. */
  readonly params: Json;
}

/**
 * What a function is sent, as JSON text. The body that arrived goes in as it came: it is neither
 * parsed into values nor written anew.
 */
export const invocationBody = (call: Call): string => {
  const { kind, arrival, trigger } = call;
  const payload = jsonOf(arrival.body);
  const { executionParams, eventMetadata } = kind.present(arrival, payload);
  const told = JSON.stringify({
    triggerParams: call.params,
    jobId: call.invocationId,
    triggerId: trigger.triggerId,
    triggerName: trigger.name,
    executionType: trigger.executionType,
    functionId: call.functionId,
    workspaceSlug: call.workspace,
    attempt: call.attempt,
    event:
      eventMetadata === null
        ? undefined
        : {
            trigger_id: trigger.triggerId,
            trigger_type: trigger.executionType,
            event_id: arrival.arrivalId,
            timestamp: call.arrivedAt,
          },
  });
  const head = `{"executionParams":${executionParams},`;
  if (eventMetadata === null) return `${head}${told.slice(1)}`;
  // The event comes last, so that what is too large to be written anew can be put into it.
  return `${head}${told.slice(1, -2)},"payload":${payload},"metadata":${eventMetadata}}}`;
};
