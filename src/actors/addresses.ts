import { apiKey } from '../domain/api-key/decider.ts';
import { arrival } from '../domain/arrival/decider.ts';
import { claim } from '../domain/claim/decider.ts';
import type { ClaimedName } from '../domain/claim/machine.ts';
import { draft } from '../domain/draft/decider.ts';
import { functionDecider } from '../domain/function/decider.ts';
import {
  apiKeyStream,
  arrivalStream,
  claimStream,
  draftStream,
  functionStream,
  invocationStream,
  refusalStream,
  triggerStream,
} from '../domain/ids.ts';
import { hasEnded, invocation } from '../domain/invocation/decider.ts';
import { refusal } from '../domain/refusal/decider.ts';
import { trigger } from '../domain/trigger/decider.ts';

/** Nobody asks an arrival anything later, except the rare sender that repeats itself. */
export const arrivalAddress = (arrivalId: string) => ({
  stream: arrivalStream(arrivalId),
  decider: arrival,
  fresh: true,
  isOver: () => true,
});

export const invocationAddress = (invocationId: string) => ({
  stream: invocationStream(invocationId),
  decider: invocation,
  isOver: hasEnded,
});

/** For queueing: costs no read, and a repetition is still found. */
export const newInvocationAddress = (invocationId: string) => ({
  stream: invocationStream(invocationId),
  decider: invocation,
  isOver: hasEnded,
  fresh: true,
});

export const triggerAddress = (triggerId: string) => ({
  stream: triggerStream(triggerId),
  decider: trigger,
});

export const draftAddress = (draftId: string) => ({
  stream: draftStream(draftId),
  decider: draft,
});

export const functionAddress = (functionId: string) => ({
  stream: functionStream(functionId),
  decider: functionDecider,
});

export const claimAddress = (workspace: string, { kind, name }: ClaimedName) => ({
  stream: claimStream(workspace, kind, name),
  decider: claim,
});

/** Written once and never asked anything. */
export const refusalAddress = (refusalId: string) => ({
  stream: refusalStream(refusalId),
  decider: refusal,
  fresh: true,
  isOver: () => true,
});

export const apiKeyAddress = (keyId: string) => ({
  stream: apiKeyStream(keyId),
  decider: apiKey,
});
