import { hash } from 'node:crypto';
import { passingBytes } from './passing-bytes.ts';
import { uuidOf } from './uuid.ts';

/** Namespace of all name-based ids of this product; changing it would forget every dedupe. */
const namespace = Buffer.from('5b0f6c6e1d0a4b7c9a3e6f2d8c417e90', 'hex');

const digest = Buffer.alloc(20);

/** Half a character, of which UTF-8 knows nothing: written as it, one is like any other. */
const lone = /\p{Surrogate}/u;

/** Begins with no digit, so that it is like no part that is whole. */
const spelledOut = (part: string): string =>
  `u${part.length}:${Buffer.from(part, 'utf16le').toString('hex')}`;

const prefixed = (part: string): string =>
  lone.test(part) ? spelledOut(part) : `${Buffer.byteLength(part)}:${part}`;

/**
 * A name-based id (UUID version 5, RFC 9562 §5.5): the same parts give the same id for ever and on
 * every machine. Parts are length-prefixed, so `('ab', 'c')` and `('a', 'bc')` differ.
 */
export const idOf = (...parts: readonly string[]): string => {
  let text = '';
  for (const part of parts) text += prefixed(part);
  const bytes = passingBytes(namespace.length + Buffer.byteLength(text));
  bytes.write(text, namespace.copy(bytes));
  digest.write(hash('sha1', bytes, 'binary'), 'binary');
  return uuidOf(digest, 5);
};

export const arrivalIdOf = (workspace: string, source: string, deliveryId: string): string =>
  idOf('arrival', workspace, source, deliveryId);

export const invocationIdOf = (arrivalId: string, triggerId: string): string =>
  idOf('invocation', arrivalId, triggerId);

/** The trigger that a workspace comes with. */
export const defaultTriggerIdOf = (workspace: string): string => idOf('default-trigger', workspace);

/** The trigger that a draft becomes, however often its publishing is tried. */
export const publishedIdOf = (draftId: string): string => idOf('published', draftId);

/** The invocation that a manual retry of `invocationId` starts; `ordinal` counts its retries. */
export const retryIdOf = (invocationId: string, ordinal: number): string =>
  idOf('retry', invocationId, String(ordinal));

/** The replay that gives a trigger what had arrived before it was there. */
export const catchUpIdOf = (triggerId: string): string => idOf('catch-up', triggerId);

/** The invocation by which a replay delivers an arrival to a trigger again, however often it tries. */
export const replayedIdOf = (replayId: string, arrivalId: string, triggerId: string): string =>
  idOf('replay', replayId, arrivalId, triggerId);

export const arrivalStream = (arrivalId: string): string => `arrival-${arrivalId}`;
export const invocationStream = (invocationId: string): string => `invocation-${invocationId}`;
/** The journal of a lane. */
export const laneStream = (lane: number): string => `lane-${lane}`;
/** Where instances that share a store show that they live. */
export const membersStream = 'members';
/** A wish of whoever does not own the lane that it is for. */
export const askStream = (id: string): string => `ask-${id}`;
export const isLane = (stream: string): boolean => stream.startsWith('lane-');
export const isArrival = (stream: string): boolean => stream.startsWith('arrival-');
export const triggerStream = (triggerId: string): string => `trigger-${triggerId}`;
export const functionStream = (functionId: string): string => `function-${functionId}`;
/** Ids of drafts begin with `draft-`, so that nobody takes one for a trigger's. */
export const draftStream = (draftId: string): string => draftId;
export const refusalStream = (refusalId: string): string => `refusal-${refusalId}`;
/** What belongs to no tenant. No route leads to it: a slug that begins with `$` is nobody's. */
export const systemWorkspace = '$system';
export const encryptionKeysStream = 'encryption-keys';
/** One for all: how far bodies have been let go because of their age. */
export const payloadExpiryStream = 'payload-expiry';
export const replayStream = (replayId: string): string => `replay-${replayId}`;
export const apiKeyStream = (keyId: string): string => `apikey-${keyId}`;
export const claimStream = (workspace: string, kind: string, name: string): string =>
  `claim-${idOf('claim', workspace, kind, name)}`;
