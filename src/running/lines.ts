import { Fifo } from './fifo.ts';
import { Heap } from './heap.ts';
import { KeyLines } from './key-lines.ts';
import type { Ticket } from './ticket.ts';

const isReplayed = ({ info }: Ticket): boolean => info.replayId !== undefined;

/** Behind every ordinal that there can be. */
const behindAll = 2 ** 50;

/** By age; what is delivered again stands behind all that is live. */
const rankOf = (ticket: Ticket): number =>
  isReplayed(ticket) ? behindAll + ticket.ordinal : ticket.ordinal;

export interface TriggerTerms {
  /** How many invocations of it may run at once. */
  readonly limit: number;
  /** Nothing of it is started. */
  readonly held: boolean;
  /** It is being given what came before it: nothing that is live is started until that is over. */
  readonly catchingUp: boolean;
}

/** The invocations of one trigger, whichever function they go to: it may have been given another. */
export class TriggerLine {
  /** By function: what a trigger had accepted before it was given another goes to the one of then. */
  readonly branches = new Map<string, Branch>();
  /** Of each branch. */
  limit: number;
  held: boolean;
  /** What is live has no place in any line yet: the trigger is being given what came before it. */
  catchingUp: boolean;
  /** Tickets in here, in whatever state. */
  open = 0;
  #behind: Ticket[] = [];

  constructor({ limit, held, catchingUp }: TriggerTerms) {
    this.limit = limit;
    this.held = held;
    this.catchingUp = catchingUp;
  }

  /** False where the ticket need not wait for that. */
  holdsBack(ticket: Ticket): boolean {
    return this.catchingUp && !isReplayed(ticket);
  }

  keepBehind(ticket: Ticket): void {
    ticket.state = 'behind';
    this.#behind.push(ticket);
  }

  /** In the order in which they came; they are in here no more. */
  takeBehind(): readonly Ticket[] {
    const behind = this.#behind;
    this.#behind = [];
    return behind.filter(({ state }) => state === 'behind');
  }
}

/**
 * Those of a trigger that go to one function: the oldest that is ready comes first. What bounds a
 * trigger and what orders by key counts in here, because another function's may be in other hands.
 */
export class Branch {
  readonly trigger: TriggerLine;
  readonly target: FunctionLine;
  readonly keys = new KeyLines();
  readonly #ready = new Heap<Ticket>(rankOf);
  running = 0;
  listed: 'live' | 'replayed' | undefined;

  constructor(trigger: TriggerLine, target: FunctionLine) {
    this.trigger = trigger;
    this.target = target;
  }

  add(ticket: Ticket): void {
    ticket.state = 'ready';
    this.#ready.push(ticket);
  }

  canGo(): boolean {
    return this.#mayRunMore && this.#first() !== undefined;
  }

  take(): Ticket | undefined {
    return this.canGo() ? this.#ready.pop() : undefined;
  }

  /** One more may run, and nothing live is waiting for that. */
  isFree(): boolean {
    const { running, limit } = this.target;
    return this.#mayRunMore && running < limit && !this.hasLive();
  }

  hasLive(): boolean {
    const first = this.#first();
    return first !== undefined && !isReplayed(first);
  }

  get #mayRunMore(): boolean {
    return !this.trigger.held && this.running < this.trigger.limit;
  }

  /** Those that ended or were started elsewhere while they stood here are dropped when they come up. */
  #first(): Ticket | undefined {
    for (;;) {
      const first = this.#ready.peek();
      if (first === undefined || first.state === 'ready') return first;
      this.#ready.pop();
    }
  }
}

/** What triggers have to start of one function, each trigger in its turn, and live before replays. */
export class FunctionLine {
  readonly #rings = { live: new Fifo<Branch>(), replayed: new Fifo<Branch>() };
  limit: number;
  running = 0;
  listed = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  enlist(branch: Branch): void {
    if (branch.listed === 'live' || !branch.canGo()) return;
    const ring = branch.hasLive() ? 'live' : 'replayed';
    if (branch.listed === ring) return;
    branch.listed = ring;
    this.#rings[ring].push(branch);
  }

  canGo(): boolean {
    const { live, replayed } = this.#rings;
    return this.running < this.limit && live.length + replayed.length > 0;
  }

  take(): Ticket | undefined {
    while (this.canGo()) {
      const ring = this.#rings.live.length > 0 ? 'live' : 'replayed';
      const branch = this.#rings[ring].shift();
      if (branch === undefined) return undefined;
      // It has moved to the other one.
      if (branch.listed !== ring) continue;
      branch.listed = undefined;
      if (ring === 'live' && !branch.hasLive()) {
        this.enlist(branch);
        continue;
      }
      const ticket = branch.take();
      if (ticket !== undefined) return ticket;
    }
    return undefined;
  }
}
