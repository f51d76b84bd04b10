import { Fifo } from './fifo.ts';
import { FunctionLane, TriggerLane } from './lanes.ts';
import type { Ticket } from './ticket.ts';

export interface TriggerTerms {
  /** How many invocations of it may run at once. */
  readonly limit: number;
  /** Nothing of it is started. */
  readonly held: boolean;
}

export interface AdmissionDeps {
  /** Undefined: there is no such trigger any more. */
  readonly termsOf: (triggerId: string) => TriggerTerms | undefined;
  readonly functionLimitOf: (functionId: string) => number;
  /** Bound over all functions. */
  readonly runningLimit: number;
  /** The ticket holds a slot now. Called at most once per slot, never within itself. */
  readonly onSlot: (ticket: Ticket) => void;
}

/**
 * Who may start, and when. A slot is taken before the start is recorded and given back when the
 * outcome is seen on the log, so limits hold for what is recorded. Functions take turns, and within
 * a function its triggers do; within a trigger the oldest starts first. What an operation costs
 * does not depend on how many other triggers or invocations there are.
 */
export interface Admission {
  /** A new one, at the end of its line. */
  enter(ticket: Ticket): void;
  /** A new one that is not to start before it is resumed. */
  enterWaiting(ticket: Ticket): void;
  /** It runs, whoever started it and whatever the limits say. */
  occupy(ticket: Ticket): void;
  /** Its attempt is over, another one follows: the slot is free, the ordering key is not. */
  wait(ticket: Ticket): void;
  /** The time of its retry has come. */
  resume(ticket: Ticket): void;
  end(ticket: Ticket): void;
  /** The terms of a trigger have changed, or it is gone. */
  termsChanged(triggerId: string): void;
  functionChanged(functionId: string): void;
  /** No slot is given out any more. */
  close(): void;
  readonly running: number;
  /** Invocations of the trigger that have not ended, in whatever state. */
  openOf(triggerId: string): number;
}

const gone: TriggerTerms = { limit: 1, held: true };

export const createAdmission = (deps: AdmissionDeps): Admission => {
  const triggers = new Map<string, TriggerLane>();
  const functions = new Map<string, FunctionLane>();
  const ring = new Fifo<FunctionLane>();
  let running = 0;
  let closed = false;

  const functionLane = (functionId: string): FunctionLane => {
    const known = functions.get(functionId);
    if (known) return known;
    const lane = new FunctionLane(deps.functionLimitOf(functionId));
    functions.set(functionId, lane);
    return lane;
  };

  const laneOf = ({ info }: Ticket): TriggerLane => {
    const known = triggers.get(info.triggerId);
    if (known) return known;
    const { limit, held } = deps.termsOf(info.triggerId) ?? gone;
    const lane = new TriggerLane(functionLane(info.functionId), limit, held);
    triggers.set(info.triggerId, lane);
    return lane;
  };

  const tidy = (triggerId: string, lane: TriggerLane): void => {
    if (lane.open === 0 && deps.termsOf(triggerId) === undefined) triggers.delete(triggerId);
  };

  const list = (lane: FunctionLane): void => {
    if (lane.listed || !lane.canGo()) return;
    lane.listed = true;
    ring.push(lane);
  };

  const occupySlot = (lane: TriggerLane, ticket: Ticket): void => {
    ticket.state = 'holding';
    lane.running += 1;
    lane.lane.running += 1;
    running += 1;
  };

  const freeSlot = (lane: TriggerLane): void => {
    lane.running -= 1;
    lane.lane.running -= 1;
    running -= 1;
  };

  const pump = (): void => {
    while (!closed && running < deps.runningLimit) {
      const lane = ring.shift();
      if (lane === undefined) return;
      lane.listed = false;
      const ticket = lane.take();
      if (ticket === undefined) continue;
      const trigger = laneOf(ticket);
      occupySlot(trigger, ticket);
      lane.enlist(trigger);
      list(lane);
      deps.onSlot(ticket);
    }
  };

  const wake = (lane: TriggerLane): void => {
    lane.lane.enlist(lane);
    list(lane.lane);
    pump();
  };

  const join = (ticket: Ticket): TriggerLane => {
    const lane = laneOf(ticket);
    lane.open += 1;
    return lane;
  };

  return {
    enter(ticket) {
      const lane = join(ticket);
      if (!lane.keys.join(ticket)) return;
      lane.add(ticket);
      wake(lane);
    },
    enterWaiting(ticket) {
      join(ticket).keys.join(ticket);
      ticket.state = 'waiting';
    },
    occupy(ticket) {
      if (ticket.state === 'holding') return;
      occupySlot(laneOf(ticket), ticket);
    },
    wait(ticket) {
      const lane = laneOf(ticket);
      if (ticket.state === 'holding') freeSlot(lane);
      ticket.state = 'waiting';
      wake(lane);
    },
    resume(ticket) {
      if (ticket.state !== 'waiting') return;
      const lane = laneOf(ticket);
      if (!lane.keys.holds(ticket)) {
        ticket.state = 'blocked';
        return;
      }
      lane.add(ticket);
      wake(lane);
    },
    end(ticket) {
      if (ticket.state === 'ended') return;
      const lane = laneOf(ticket);
      if (ticket.state === 'holding') freeSlot(lane);
      ticket.state = 'ended';
      lane.open -= 1;
      const next = lane.keys.leave(ticket);
      if (next?.state === 'blocked') lane.add(next);
      wake(lane);
      tidy(ticket.info.triggerId, lane);
    },
    termsChanged(triggerId) {
      const lane = triggers.get(triggerId);
      if (lane === undefined) return;
      const { limit, held } = deps.termsOf(triggerId) ?? gone;
      lane.limit = limit;
      lane.held = held;
      wake(lane);
      tidy(triggerId, lane);
    },
    functionChanged(functionId) {
      const lane = functions.get(functionId);
      if (lane === undefined) return;
      lane.limit = deps.functionLimitOf(functionId);
      list(lane);
      pump();
    },
    close() {
      closed = true;
    },
    get running() {
      return running;
    },
    openOf: (triggerId) => triggers.get(triggerId)?.open ?? 0,
  };
};
