import type { Trace } from '../domain/facts/arrival-facts.ts';
import { invalidField } from '../domain/invalid.ts';
import { traceParentIn } from '../domain/trace-context.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What can be sent on in a header as it is. */
const stateForm = /^[\x20-\x7e]{1,512}$/;
const correlationForm = /^[\x21-\x7e]{1,128}$/;
const idForm = /^[\w-]{1,64}$/;

/** The trace that a request is part of; malformed, it is of none. */
export const traceIn = ({ traceparent, tracestate }: Headers): Trace | undefined => {
  if (typeof traceparent !== 'string' || traceParentIn(traceparent) === undefined) return undefined;
  const isKept = typeof tracestate === 'string' && stateForm.test(tracestate);
  return isKept ? { parent: traceparent, state: tracestate } : { parent: traceparent };
};

/** What a publisher says in the body, which counts more than a header. */
export interface Said {
  readonly correlationId?: string | undefined;
  readonly causedBy?: string | undefined;
}

const checked = (value: unknown, name: string, form: RegExp, rule: string): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !form.test(value)) throw invalidField(name, rule);
  return value;
};

/** The same of what is published, with the story it belongs to and the invocation it comes from. */
export const publishedTraceIn = (headers: Headers, said: Said): Trace | undefined => {
  const visible = 'must be 1 to 128 visible characters of ASCII';
  const anId = 'must be the id of an invocation';
  const correlationId =
    checked(said.correlationId, 'correlation_id', correlationForm, visible) ??
    checked(headers['x-correlation-id'], 'X-Correlation-Id', correlationForm, visible);
  const causedBy =
    checked(said.causedBy, 'causation_id', idForm, anId) ??
    checked(headers['x-causation-id'], 'X-Causation-Id', idForm, anId);
  const trace = traceIn(headers);
  if (correlationId === undefined && causedBy === undefined) return trace;
  return {
    ...trace,
    ...(correlationId !== undefined && { correlationId }),
    ...(causedBy !== undefined && { causedBy }),
  };
};
