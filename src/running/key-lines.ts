import { Fifo } from './fifo.ts';
import type { Ticket } from './ticket.ts';

interface Line {
  holder: Ticket;
  readonly behind: Fifo<Ticket>;
}

/**
 * One line per ordering key: whoever came first holds the key until it has ended, retries included;
 * those behind it follow one by one.
 */
export class KeyLines {
  readonly #lines = new Map<string, Line>();

  /** True where the ticket holds its key, or has none, and so may start. */
  join(ticket: Ticket): boolean {
    ticket.lined = true;
    const key = ticket.info.orderingKey;
    if (key === null) return true;
    const line = this.#lines.get(key);
    if (line === undefined) {
      this.#lines.set(key, { holder: ticket, behind: new Fifo() });
      return true;
    }
    line.behind.push(ticket);
    return false;
  }

  holds(ticket: Ticket): boolean {
    const key = ticket.info.orderingKey;
    return key === null || this.#lines.get(key)?.holder === ticket;
  }

  /** Lets go of the key; the answer is who holds it now, if that has changed. */
  leave(ticket: Ticket): Ticket | undefined {
    const key = ticket.info.orderingKey;
    const line = key === null ? undefined : this.#lines.get(key);
    if (key === null || line === undefined || line.holder !== ticket) return undefined;
    for (;;) {
      const next = line.behind.shift();
      if (next === undefined) {
        this.#lines.delete(key);
        return undefined;
      }
      if (next.state === 'ended') continue;
      line.holder = next;
      return next;
    }
  }
}
