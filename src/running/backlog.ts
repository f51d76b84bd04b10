import type { Ticket } from './ticket.ts';

interface Count {
  /** Accepted events of the trigger that have not been started. */
  accepted: number;
  /** Of these, the ones whose start has been asked for. */
  starting: number;
  /** Places promised to events that are being appended. */
  reserved: number;
}

export interface Backlog {
  /**
   * A place for one event about to be appended; undefined where there is none. Counting and taking
   * are one step. The answer gives the place back, once, if the event was not recorded after all; if
   * it was, the place passes to the event when the log hands it over.
   */
  reserve(triggerId: string): (() => void) | undefined;
  sizeOf(triggerId: string): number;
}

export interface MaintainedBacklog extends Backlog {
  /** An event that was taken for the trigger has come by on the log: its reservation, if it had one, ends. */
  arrived(triggerId: string): void;
  accept(ticket: Ticket): void;
  /** Its start is asked for; it counts until that is on the log, but takes nobody's place. */
  begin(ticket: Ticket): void;
  /** What was asked has been answered, whatever the answer. */
  begun(ticket: Ticket): void;
  /** It has been started, or has ended without that. */
  leave(ticket: Ticket): void;
  /** As many as there may be wait for a slot. */
  isFull(triggerId: string): boolean;
  /** Triggers of which something waits or has a place promised. */
  readonly size: number;
}

const empty: Readonly<Count> = { accepted: 0, starting: 0, reserved: 0 };

export const createBacklog = (capacityOf: (triggerId: string) => number): MaintainedBacklog => {
  const counts = new Map<string, Count>();

  const countOf = (triggerId: string): Count => {
    const known = counts.get(triggerId);
    if (known) return known;
    const count = { accepted: 0, starting: 0, reserved: 0 };
    counts.set(triggerId, count);
    return count;
  };

  const tidy = (triggerId: string, count: Count): void => {
    const isEmpty = count.accepted === 0 && count.reserved === 0;
    // A place may be given back after its count has ended and another one has begun.
    if (isEmpty && counts.get(triggerId) === count) counts.delete(triggerId);
  };

  return {
    reserve(triggerId) {
      const count = countOf(triggerId);
      if (count.accepted + count.reserved >= capacityOf(triggerId)) return undefined;
      count.reserved += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        if (count.reserved > 0) count.reserved -= 1;
        tidy(triggerId, count);
      };
    },
    sizeOf(triggerId) {
      const count = counts.get(triggerId);
      return count === undefined ? 0 : count.accepted + count.reserved;
    },
    arrived(triggerId) {
      const count = counts.get(triggerId);
      if (count === undefined || count.reserved === 0) return;
      count.reserved -= 1;
      tidy(triggerId, count);
    },
    accept(ticket) {
      // What is delivered again takes no room from what arrives.
      if (ticket.counted || ticket.info.replayId !== undefined) return;
      ticket.counted = true;
      countOf(ticket.info.triggerId).accepted += 1;
    },
    begin(ticket) {
      ticket.starting = true;
      if (ticket.counted) countOf(ticket.info.triggerId).starting += 1;
    },
    begun(ticket) {
      if (ticket.counted && ticket.starting) countOf(ticket.info.triggerId).starting -= 1;
      ticket.starting = false;
    },
    get size() {
      return counts.size;
    },
    isFull(triggerId) {
      const { accepted, starting } = counts.get(triggerId) ?? empty;
      return accepted - starting >= capacityOf(triggerId);
    },
    leave(ticket) {
      if (!ticket.counted) return;
      ticket.counted = false;
      const count = countOf(ticket.info.triggerId);
      count.accepted -= 1;
      if (ticket.starting) count.starting -= 1;
      tidy(ticket.info.triggerId, count);
    },
  };
};
