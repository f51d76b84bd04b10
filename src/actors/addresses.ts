import { arrival } from '../domain/arrival/decider.ts';
import { arrivalStream, invocationStream } from '../domain/ids.ts';
import { invocation } from '../domain/invocation/decider.ts';

/** Nobody asks an arrival anything later, except the rare sender that repeats itself. */
export const arrivalAddress = (arrivalId: string) => ({
  stream: arrivalStream(arrivalId),
  decider: arrival,
  fresh: true,
  forget: true,
});

export const invocationAddress = (invocationId: string) => ({
  stream: invocationStream(invocationId),
  decider: invocation,
});

/** For queueing: costs no read, and a repetition is still found. */
export const newInvocationAddress = (invocationId: string) => ({
  ...invocationAddress(invocationId),
  fresh: true,
});
