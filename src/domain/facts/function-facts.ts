import { z } from 'zod';
import { RetryOverride } from '../retry-policy.ts';
import { fact, Id, Instant } from './fact.ts';
import { Sealed } from './sealed.ts';

export const Target = z.object({ type: z.literal('http'), url: z.url().max(2_048) });
export type Target = z.infer<typeof Target>;

/** Which members with what arrived a function is sent. */
export const Send = z.enum(['both', 'event', 'executionParams']);
export type Send = z.infer<typeof Send>;

const FunctionDefinition = {
  functionId: Id,
  version: z.int().min(1),
  name: z.string().min(1),
  description: z.string().nullable(),
  target: Target,
  /** How long one attempt may take, connect to last byte. */
  timeoutMs: z.int().min(1),
  /** Attempts of this function that may run at once. */
  concurrency: z.int().min(1),
  retry: RetryOverride,
  /** Absent in records of earlier releases, which sent both. */
  send: Send.optional(),
  /** Signs what is sent (Standard Webhooks); the one before it signs too until `previousUntil`. */
  signingSecret: Sealed,
  previousSecret: Sealed.nullable(),
  previousUntil: Instant.nullable(),
};

export const functionFacts = {
  FunctionRegistered: fact(1, FunctionDefinition),
  FunctionRevised: fact(1, FunctionDefinition),
  FunctionRetired: fact(1, { functionId: Id }),
  FunctionSecretsResealed: fact(1, {
    functionId: Id,
    signingSecret: Sealed,
    previousSecret: Sealed.nullable(),
  }),
};
