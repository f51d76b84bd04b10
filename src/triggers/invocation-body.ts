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

const eventOf = (
  { arrival, arrivedAt, trigger }: Call,
  payload: string,
  metadata: string | null,
): string => {
  if (metadata === null) return '';
  const head = JSON.stringify({
    trigger_id: trigger.triggerId,
    trigger_type: trigger.executionType,
    event_id: arrival.arrivalId,
    timestamp: arrivedAt,
  }).slice(0, -1);
  return `,"event":${head},"payload":${payload},"metadata":${metadata}}`;
};

/**
 * What a function is sent, as JSON text. The body that arrived goes in as it came: it is neither
 * parsed into values nor written anew.
 */
export const invocationBody = (call: Call): string => {
  const { kind, arrival, trigger } = call;
  const payload = jsonOf(arrival.body);
  const { executionParams, eventMetadata } = kind.present(arrival, payload);
  const rest = JSON.stringify({
    triggerParams: call.params,
    jobId: call.invocationId,
    triggerId: trigger.triggerId,
    triggerName: trigger.name,
    executionType: trigger.executionType,
    functionId: call.functionId,
    workspaceSlug: call.workspace,
    attempt: call.attempt,
  }).slice(1, -1);
  const event = eventOf(call, payload, eventMetadata);
  return `{"executionParams":${executionParams},${rest}${event}}`;
};
