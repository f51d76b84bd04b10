import type { DataOf } from '../events.ts';
import type { Failure } from '../facts/failure.ts';
import type { DeathReason } from '../facts/invocation-facts.ts';
import type { KeptOutcome } from './outcome.ts';

export interface AttemptClaim {
  readonly attemptId: string;
  readonly claimedBy: string;
  readonly leaseUntil: string;
  readonly versions?: DataOf<'InvocationStarted'>['versions'];
}

export interface EndOfAttempt {
  readonly attempt: number;
  readonly attemptId: string;
  /** ISO 8601; retries count from here. */
  readonly now: string;
  /** From [0, 1): the jitter of the retry, if there is one. */
  readonly random: number;
}

export type QueueInvocation = { readonly type: 'QueueInvocation' } & Readonly<
  DataOf<'InvocationQueued'>
> & {
    /** The first attempt starts in the same append, where a slot is free. */
    readonly start: AttemptClaim | null;
    /** It ends with this reason in the same append: there was no room for it. */
    readonly cancel?: string;
  };
export type StartAttempt = { readonly type: 'StartAttempt' } & AttemptClaim;
export type RecordOutcome = EndOfAttempt & {
  readonly type: 'RecordOutcome';
  readonly outcome: KeptOutcome;
};
export type LoseAttempt = EndOfAttempt & { readonly type: 'LoseAttempt' };
/** It cannot be run at all, whatever the attempts left. */
export interface AbandonInvocation {
  readonly type: 'AbandonInvocation';
  readonly reason: DeathReason;
  readonly failure: Failure;
}
export interface CancelInvocation {
  readonly type: 'CancelInvocation';
  readonly reason: string;
  /** What runs goes on. */
  readonly unlessRunning?: true;
}
/** By an operator, of an ended one: a new invocation follows, this one keeps its outcome. */
export interface RetryInvocation {
  readonly type: 'RetryInvocation';
  readonly repeats?: DataOf<'InvocationRetried'>['repeats'];
}
export type InvocationCommand =
  | QueueInvocation
  | StartAttempt
  | RecordOutcome
  | LoseAttempt
  | AbandonInvocation
  | CancelInvocation
  | RetryInvocation;
