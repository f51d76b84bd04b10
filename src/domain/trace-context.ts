import { idOf } from './ids.ts';

/** W3C Trace Context: a version, a trace, the span that asks, flags; later versions may say more. */
const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

const nothing = /^0+$/;

export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

/** Undefined for whatever a receiver has to pass over. */
export const traceParentIn = (text: string): TraceParent | undefined => {
  if (text.length > 512) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = form.exec(text) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined))
    return undefined;
  return nothing.test(traceId) || nothing.test(spanId) ? undefined : { traceId, spanId, flags };
};

/** Of an attempt: the same whoever works it out, and never nothing, since a variant is in it. */
export const spanIdOf = (invocationId: string, attempt: number): string =>
  idOf('span', invocationId, String(attempt)).replaceAll('-', '').slice(16);

/** What a function is told: the same trace, with the attempt as the span that asks. */
export const traceParentOf = (
  { traceId, flags }: TraceParent,
  invocationId: string,
  attempt: number,
): string => `00-${traceId}-${spanIdOf(invocationId, attempt)}-${flags}`;
