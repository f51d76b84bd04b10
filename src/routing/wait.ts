import type { Recorded } from '../domain/events.ts';
import type { InvocationFact } from '../domain/invocation/machine.ts';

/** In milliseconds since 1970; `to` is infinite where it is not over. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What an invocation did not start before. */
export type WaitedFor =
  /** The trigger was not to start anything. */
  | 'stopped'
  | 'suspended'
  /** The trigger was given first what had arrived before it was there. */
  | 'catch-up'
  /** One with the same key that came before had not ended. */
  | 'ordering-key'
  /** So many as may ran of its trigger, or of its function. */
  | 'trigger-slot'
  | 'function-slot'
  /** An attempt had failed, and the time of the next one had not come. */
  | 'retry'
  /** An attempt was under way in a process that was lost, which has to be waited for. */
  | 'lease'
  /** Nothing on record: the server was busy, starting or stopped, or the start was being recorded. */
  | 'turn';

export interface Wait extends Span {
  /** The attempt that was waited with; of a lease the one that was lost. */
  readonly attempt: number;
  readonly for: WaitedFor;
  /** When it was to be over, where that was known. */
  readonly until: number | null;
  /** Invocations that had what this one waited for: the first few. */
  readonly behind: readonly string[];
}

/** Another invocation of the same function. */
export interface Neighbour {
  readonly invocationId: string;
  readonly triggerId: string;
  readonly orderingKey: string | null;
  readonly position: string;
  readonly runs: readonly Span[];
  /** Infinite where it has not ended. */
  readonly endedAt: number;
}

/** How its trigger and its function stood from some moment on. */
export interface Terms {
  readonly at: number;
  readonly held: 'stopped' | 'suspended' | 'catch-up' | null;
  readonly triggerLimit: number;
  readonly functionLimit: number;
}

export interface Waiting {
  readonly triggerId: string;
  readonly orderingKey: string | null;
  readonly position: string;
  /** All that is recorded of it, in the order of the log. */
  readonly facts: readonly Recorded<InvocationFact['type']>[];
}
