import type { FactType, Recorded } from '../domain/events.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { Invocations } from './open-invocations.ts';
import type { BodyAt, Owed } from './promised.ts';
import type { Register } from './register.ts';

/** Where a promise does not hold, the sentence says so and names who is concerned. */
export type Demand = (holds: boolean, otherwise: string) => void;

/**
 * One promise of the product, or a few of one kind, as a fold over the log. It takes one fact after
 * the other, each at a cost that does not grow with the log.
 */
export interface Invariant {
  readonly on?: {
    readonly [T in FactType]?: (fact: Recorded<T>, demand: Demand) => void;
  };
  /** For what holds of every event, those of later releases included. */
  readonly every?: (event: StoredEvent, demand: Demand) => void;
  /** What is still owed when all work is done. */
  readonly atRest?: (demand: Demand) => void;
}

export interface InvariantOptions {
  /**
   * `all`: what has ended is remembered, so that whatever comes after it is called by its name.
   * `open`: memory is bounded by what is still open and by what was ever registered; what comes after
   * an end is then told from its revision alone. The default is `all`.
   */
  readonly remembers?: 'all' | 'open';
  /**
   * `several`: processes that share a log and do not yet wait for each other, so that limits hold
   * in each of them but not over all. The default is `one`.
   */
  readonly owners?: 'one' | 'several';
  /** What lies beside the log; without it, what a body should have led to is not looked at. */
  readonly bodyAt?: BodyAt;
}

export interface Setting extends Required<InvariantOptions> {
  /** Triggers and functions as of the fact that is taken, which it has seen already. */
  readonly register: Register;
  /** Invocations as of just before the fact that is taken. */
  readonly invocations: Invocations;
  /** What an arrival owes, and to whom. */
  readonly owedFor: (arrival: Recorded<'EventArrived'>) => readonly Owed[];
}

export type DefineInvariant = (setting: Setting) => Invariant;
