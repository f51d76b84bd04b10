import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { Interrupter } from '../targets/interrupter.ts';

/** What admission has to know about an invocation. */
export interface TicketInfo {
  readonly invocationId: string;
  readonly workspace: string;
  readonly triggerId: string;
  readonly functionId: string;
  readonly orderingKey: string | null;
  readonly timeoutMs: number;
  readonly correlationId: string;
  /** The version of the trigger that it is sent; undefined: the present one. */
  readonly pinnedTo?: number | undefined;
  /** The replay that it is part of: what happens live goes before it. */
  readonly replayId?: string | undefined;
}

/** As they were registered when an attempt was started, so that what is recorded is what is sent. */
export interface Sent {
  readonly trigger: TriggerEntry;
  readonly target: FunctionEntry;
}

/**
 * `behind` what its trigger is given first · `blocked` behind an earlier one with the same ordering
 * key · `ready` for a slot · `holding` one, from the decision to start until the outcome is seen on
 * the log · `waiting` for its retry · `ended`.
 */
export type TicketState = 'behind' | 'blocked' | 'ready' | 'holding' | 'waiting' | 'ended';

/** One invocation that has not ended, as dispatch keeps track of it. */
export class Ticket {
  readonly info: TicketInfo;
  /** Place in the order of acceptance. */
  readonly ordinal: number;
  state: TicketState = 'blocked';
  /** Whether it has a place in the line of its ordering key. */
  lined = false;
  /** Whether it counts as backlog: accepted, and never started. */
  counted = false;
  /** This process has asked for its start and has not seen the answer on the log yet. */
  starting = false;
  /** Its start is to be recorded with its arrival. */
  rides = false;
  /** What the last attempt of this process was started with, and is sent. */
  sent: Sent | undefined;
  /** The body was forgotten while it was called: what it answers may be an echo, and is not kept. */
  answersForNobody = false;
  /** Gives up the call that runs for it in this process. */
  call: Interrupter | undefined;

  constructor(info: TicketInfo, ordinal: number) {
    this.info = info;
    this.ordinal = ordinal;
  }
}
