import { hash, randomUUID } from 'node:crypto';

/** A random id (UUID version 4, RFC 9562 §5.4). */
export const newId = (): string => randomUUID();

/** Namespace of all name-based ids of this product; changing it would forget every dedupe. */
const namespace = Buffer.from('5b0f6c6e1d0a4b7c9a3e6f2d8c417e90', 'hex');

/**
 * A name-based id (UUID version 5, RFC 9562 §5.5): the same parts give the same id for ever and on
 * every machine. Parts are length-prefixed, so `('ab', 'c')` and `('a', 'bc')` differ.
 */
export const idOf = (...parts: readonly string[]): string => {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  const bytes = Buffer.allocUnsafe(namespace.length + Buffer.byteLength(text));
  bytes.write(text, namespace.copy(bytes));
  const hex = hash('sha1', bytes, 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
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
