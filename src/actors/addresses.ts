import { apiKey } from '../domain/api-key/decider.ts';
import { arrival } from '../domain/arrival/decider.ts';
import { claim } from '../domain/claim/decider.ts';
import type { ClaimedName } from '../domain/claim/machine.ts';
import { draft } from '../domain/draft/decider.ts';
import { encryptionKeys } from '../domain/encryption-keys/decider.ts';
import { expiry } from '../domain/expiry/decider.ts';
import { functionDecider } from '../domain/function/decider.ts';
import {
  apiKeyStream,
  arrivalStream,
  claimStream,
  draftStream,
  encryptionKeysStream,
  functionStream,
  invocationStream,
  payloadExpiryStream,
  refusalStream,
  replayStream,
  triggerStream,
} from '../domain/ids.ts';
import { type InvocationState, invocation } from '../domain/invocation/decider.ts';
import type { InvocationFact } from '../domain/invocation/machine.ts';
import { refusal } from '../domain/refusal/decider.ts';
import { isReplayOver, replay } from '../domain/replay/decider.ts';
import { trigger } from '../domain/trigger/decider.ts';

/** Nobody asks an arrival anything later, except the rare sender that repeats itself. */
export const arrivalAddress = (arrivalId: string) => ({
  stream: arrivalStream(arrivalId),
  decider: arrival,
  fresh: true,
  isOver: () => true,
});

/**
 * An invocation that has ended, as it did: what operators ask of it later has a stream of its name.
 * In logs of earlier releases that stream begins with all that happened to it.
 */
export const endedInvocationAddress = (ended: InvocationState) => ({
  stream: invocationStream(ended.context.invocationId),
  decider: {
    initialState: ended,
    evolve: (state: InvocationState, fact: InvocationFact): InvocationState =>
      fact.type === 'InvocationRetried' ? invocation.evolve(state, fact) : state,
    decide: invocation.decide,
  },
});

export const triggerAddress = (triggerId: string) => ({
  stream: triggerStream(triggerId),
  decider: trigger,
  isOfRegistry: true,
});

export const draftAddress = (draftId: string) => ({
  stream: draftStream(draftId),
  decider: draft,
});

export const functionAddress = (functionId: string) => ({
  stream: functionStream(functionId),
  decider: functionDecider,
  isOfRegistry: true,
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

/** One stream for all: there are few, and each is to be seen beside the others. */
export const encryptionKeysAddress = () => ({
  stream: encryptionKeysStream,
  decider: encryptionKeys,
});

export const payloadExpiryAddress = () => ({
  stream: payloadExpiryStream,
  decider: expiry,
});

export const apiKeyAddress = (keyId: string) => ({
  stream: apiKeyStream(keyId),
  decider: apiKey,
});

export const replayAddress = (replayId: string) => ({
  stream: replayStream(replayId),
  decider: replay,
  isOver: isReplayOver,
});
