import { Fifo } from './fifo.ts';
import { Heap } from './heap.ts';
import { KeyLines } from './key-lines.ts';
import type { Ticket } from './ticket.ts';

/** The invocations of one trigger: the oldest that is ready comes first. */
export class TriggerLane {
  readonly lane: FunctionLane;
  readonly keys = new KeyLines();
  readonly #ready = new Heap<Ticket>(({ ordinal }) => ordinal);
  limit: number;
  held: boolean;
  /** Tickets in here, in whatever state. */
  open = 0;
  running = 0;
  listed = false;

  constructor(lane: FunctionLane, limit: number, held: boolean) {
    this.lane = lane;
    this.limit = limit;
    this.held = held;
  }

  add(ticket: Ticket): void {
    ticket.state = 'ready';
    this.#ready.push(ticket);
  }

  canGo(): boolean {
    return !this.held && this.running < this.limit && this.#first() !== undefined;
  }

  take(): Ticket | undefined {
    if (!this.canGo()) return undefined;
    return this.#ready.pop();
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

/** The triggers of one function that have something to start, each in its turn. */
export class FunctionLane {
  readonly #ring = new Fifo<TriggerLane>();
  limit: number;
  running = 0;
  listed = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  enlist(trigger: TriggerLane): void {
    if (trigger.listed || !trigger.canGo()) return;
    trigger.listed = true;
    this.#ring.push(trigger);
  }

  canGo(): boolean {
    return this.running < this.limit && this.#ring.length > 0;
  }

  take(): Ticket | undefined {
    while (this.canGo()) {
      const trigger = this.#ring.shift();
      if (trigger === undefined) return undefined;
      trigger.listed = false;
      const ticket = trigger.take();
      if (ticket !== undefined) return ticket;
    }
    return undefined;
  }
}
