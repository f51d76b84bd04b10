import type { Send } from '../domain/facts/function-facts.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { jsonOf } from '../domain/json-body.ts';
import { type LongBody, longBodyOf, longFrom, standIns } from '../domain/long-body.ts';
import { base64Of } from '../domain/payload.ts';
import type { Arrival, BodyForms, TriggerKind } from './kind.ts';

export interface Call {
  readonly kind: Pick<TriggerKind, 'present'>;
  readonly arrival: Arrival;
  /** Nobody else looks at the bytes of its body any more. */
  readonly isBodyOurs?: boolean | undefined;
  /** When the arrival was recorded, ISO 8601. */
  readonly arrivedAt: string;
  readonly trigger: {
    readonly triggerId: string;
    readonly name: string;
    readonly executionType: string;
    readonly triggerMetadata: JsonObject;
  };
  readonly functionId: string;
  /** As the function wants it; both where that is not said. */
  readonly send?: Send | undefined;
  readonly workspace: string;
  readonly invocationId: string;
  readonly attempt: number;
  /** Where it is delivered again: by which replay. */
  readonly replayId?: string | undefined;
  /** The trigger's `params` with what was encrypted in the clear; only ever in memory. */
  readonly params: Json;
}

/** The same with the body in whatever forms; of the call, `arrival.body` tells only whether there is one. */
export const textWith = (call: Call, body: BodyForms): string => {
  const { kind, arrival, trigger, send } = call;
  const { executionParams, eventMetadata } = kind.present(arrival, body, trigger.triggerMetadata);
  const hasEvent = eventMetadata !== null && send !== 'executionParams';
  // What has no event has the body nowhere else.
  const hasParams = eventMetadata === null || send !== 'event';
  const told = JSON.stringify({
    triggerParams: call.params,
    jobId: call.invocationId,
    triggerId: trigger.triggerId,
    triggerName: trigger.name,
    executionType: trigger.executionType,
    functionId: call.functionId,
    workspaceSlug: call.workspace,
    attempt: call.attempt,
    replay: call.replayId === undefined ? undefined : { id: call.replayId, of: arrival.arrivalId },
    event: hasEvent
      ? {
          trigger_id: trigger.triggerId,
          trigger_type: trigger.executionType,
          event_id: arrival.arrivalId,
          timestamp: call.arrivedAt,
        }
      : undefined,
  });
  const head = hasParams ? `{"executionParams":${executionParams},` : '{';
  if (!hasEvent) return `${head}${told.slice(1)}`;
  // The event comes last, so that what is too large to be written anew can be put into it.
  return `${head}${told.slice(1, -2)},"payload":${body.json},"metadata":${eventMetadata}}}`;
};

/**
 * What a function is sent, as JSON text. The body that arrived goes in as it came: it is neither
 * parsed into values nor written anew, and a long one is put in when it is sent.
 */
export const invocationBody = (call: Call): string | LongBody => {
  const { body } = call.arrival;
  if (body instanceof Uint8Array && body.length >= longFrom) {
    const forms = { json: standIns.json, base64: () => standIns.base64 };
    return longBodyOf(textWith(call, forms), body, call.isBodyOurs);
  }
  return textWith(call, { json: jsonOf(body), base64: () => base64Of(body) });
};
