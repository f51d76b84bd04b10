import { Fifo } from './fifo.ts';
import { Branch, FunctionLine, TriggerLine, type TriggerTerms } from './lines.ts';
import type { Ticket } from './ticket.ts';

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
  /**
   * A new one that takes a slot now, where one is free and nobody stands in line for it; else it is
   * not let in, and the answer is false.
   */
  enterAtOnce(ticket: Ticket): boolean;
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
  /** What a trigger was to be given first may all be delivered: what waited for that goes on. */
  caughtUp(): void;
  functionChanged(functionId: string): void;
  /** No slot is given out any more. */
  close(): void;
  readonly running: number;
  /** Invocations of the trigger that have not ended, in whatever state. */
  openOf(triggerId: string): number;
}

const gone: TriggerTerms = { limit: 1, held: true, catchingUp: false };

export const createAdmission = (deps: AdmissionDeps): Admission => {
  const triggers = new Map<string, TriggerLine>();
  const functions = new Map<string, FunctionLine>();
  /** Those that are catching up: few, and mostly none. */
  const catchingUp = new Set<string>();
  const ring = new Fifo<FunctionLine>();
  let running = 0;
  let closed = false;

  const functionLine = (functionId: string): FunctionLine => {
    const known = functions.get(functionId);
    if (known) return known;
    const line = new FunctionLine(deps.functionLimitOf(functionId));
    functions.set(functionId, line);
    return line;
  };

  const triggerLine = (triggerId: string): TriggerLine => {
    const known = triggers.get(triggerId);
    if (known) return known;
    const terms = deps.termsOf(triggerId) ?? gone;
    const line = new TriggerLine(terms);
    triggers.set(triggerId, line);
    if (terms.catchingUp) catchingUp.add(triggerId);
    return line;
  };

  const branchOf = ({ info: { triggerId, functionId } }: Ticket): Branch => {
    const line = triggerLine(triggerId);
    const known = line.branches.get(functionId);
    if (known) return known;
    const branch = new Branch(line, functionLine(functionId));
    line.branches.set(functionId, branch);
    return branch;
  };

  const tidy = (triggerId: string, line: TriggerLine): void => {
    if (line.open > 0) return;
    line.branches.clear();
    if (deps.termsOf(triggerId) === undefined) triggers.delete(triggerId);
  };

  /** At the end of its line, where nothing is to be delivered before. */
  const lineUp = (ticket: Ticket, branch: Branch): void => {
    if (branch.trigger.holdsBack(ticket)) {
      branch.trigger.keepBehind(ticket);
      return;
    }
    if (ticket.lined ? branch.keys.holds(ticket) : branch.keys.join(ticket)) branch.add(ticket);
    else ticket.state = 'blocked';
  };

  const list = (line: FunctionLine): void => {
    if (line.listed || !line.canGo()) return;
    line.listed = true;
    ring.push(line);
  };

  const occupySlot = (branch: Branch, ticket: Ticket): void => {
    ticket.state = 'holding';
    branch.running += 1;
    branch.target.running += 1;
    running += 1;
  };

  const freeSlot = (branch: Branch): void => {
    branch.running -= 1;
    branch.target.running -= 1;
    running -= 1;
  };

  const pump = (): void => {
    while (!closed && running < deps.runningLimit) {
      const line = ring.shift();
      if (line === undefined) return;
      line.listed = false;
      const ticket = line.take();
      if (ticket === undefined) continue;
      const branch = branchOf(ticket);
      occupySlot(branch, ticket);
      line.enlist(branch);
      list(line);
      deps.onSlot(ticket);
    }
  };

  const wake = (branch: Branch): void => {
    branch.target.enlist(branch);
    list(branch.target);
    pump();
  };

  const join = (ticket: Ticket): Branch => {
    const branch = branchOf(ticket);
    branch.trigger.open += 1;
    return branch;
  };

  const termsChanged = (triggerId: string): void => {
    const known = triggers.get(triggerId);
    if (known === undefined) return;
    const terms = deps.termsOf(triggerId) ?? gone;
    Object.assign(known, terms);
    if (!terms.catchingUp) {
      catchingUp.delete(triggerId);
      for (const ticket of known.takeBehind()) lineUp(ticket, branchOf(ticket));
    }
    for (const branch of known.branches.values()) wake(branch);
    tidy(triggerId, known);
  };

  return {
    enter(ticket) {
      const branch = join(ticket);
      lineUp(ticket, branch);
      wake(branch);
    },
    enterAtOnce(ticket) {
      const branch = branchOf(ticket);
      const { trigger } = branch;
      const mustWait = trigger.holdsBack(ticket) || !branch.isFree();
      if (closed || running >= deps.runningLimit || mustWait) {
        tidy(ticket.info.triggerId, trigger);
        return false;
      }
      trigger.open += 1;
      branch.keys.join(ticket);
      occupySlot(branch, ticket);
      return true;
    },
    enterWaiting(ticket) {
      const branch = join(ticket);
      if (!branch.trigger.holdsBack(ticket)) branch.keys.join(ticket);
      ticket.state = 'waiting';
    },
    occupy(ticket) {
      if (ticket.state === 'holding') return;
      occupySlot(branchOf(ticket), ticket);
    },
    wait(ticket) {
      const branch = branchOf(ticket);
      if (ticket.state === 'holding') freeSlot(branch);
      ticket.state = 'waiting';
      wake(branch);
    },
    resume(ticket) {
      if (ticket.state !== 'waiting') return;
      const branch = branchOf(ticket);
      lineUp(ticket, branch);
      wake(branch);
    },
    end(ticket) {
      if (ticket.state === 'ended') return;
      const branch = branchOf(ticket);
      if (ticket.state === 'holding') freeSlot(branch);
      ticket.state = 'ended';
      branch.trigger.open -= 1;
      const next = branch.keys.leave(ticket);
      if (next?.state === 'blocked') branch.add(next);
      wake(branch);
      tidy(ticket.info.triggerId, branch.trigger);
    },
    termsChanged,
    caughtUp() {
      for (const triggerId of catchingUp) termsChanged(triggerId);
    },
    functionChanged(functionId) {
      const line = functions.get(functionId);
      if (line === undefined) return;
      line.limit = deps.functionLimitOf(functionId);
      list(line);
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
