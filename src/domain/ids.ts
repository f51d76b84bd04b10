import { hash } from 'node:crypto';
import { passingBytes } from './passing-bytes.ts';
import { randomUuid, uuidOf } from './uuid.ts';

/** A random id. */
export const newId = (): string => randomUuid();

/** Namespace of all name-based ids of this product; changing it would forget every dedupe. */
const namespace = Buffer.from('5b0f6c6e1d0a4b7c9a3e6f2d8c417e90', 'hex');

const digest = Buffer.alloc(20);

/**
 * A name-based id (UUID version 5, RFC 9562 §5.5): the same parts give the same id for ever and on
 * every machine. Parts are length-prefixed, so `('ab', 'c')` and `('a', 'bc')` differ.
 */
export const idOf = (...parts: readonly string[]): string => {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
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

export const arrivalStream = (arrivalId: string): string => `arrival-${arrivalId}`;
export const invocationStream = (invocationId: string): string => `invocation-${invocationId}`;
export const triggerStream = (triggerId: string): string => `trigger-${triggerId}`;
export const functionStream = (functionId: string): string => `function-${functionId}`;
/** Ids of drafts begin with `draft-`, so that nobody takes one for a trigger's. */
export const draftStream = (draftId: string): string => draftId;
export const refusalStream = (refusalId: string): string => `refusal-${refusalId}`;
export const apiKeyStream = (keyId: string): string => `apikey-${keyId}`;
export const claimStream = (workspace: string, kind: string, name: string): string =>
  `claim-${idOf('claim', workspace, kind, name)}`;
