import { describe, expect, it } from 'vitest';
import { createBacklog } from '../../src/running/backlog.ts';
import { Ticket } from '../../src/running/ticket.ts';

const trigger = 'trigger-1';

const ticketOf = (invocationId: string): Ticket => {
  const info = {
    invocationId,
    triggerId: trigger,
    workspace: 'acme',
    functionId: 'function-1',
    orderingKey: null,
    timeoutMs: 1_000,
    correlationId: 'arrival-1',
  };
  return new Ticket(info, 1);
};

describe('a place that is given back late', () => {
  it('takes nothing from those that were counted after it', () => {
    const backlog = createBacklog(() => 2);
    const giveBack = backlog.reserve(trigger);
    // Another process took an event for the trigger, and it was over before this one was refused.
    backlog.arrived(trigger);
    const first = ticketOf('first');
    backlog.accept(first);
    backlog.leave(first);
    backlog.accept(ticketOf('second'));
    giveBack?.();
    expect(backlog.sizeOf(trigger)).toBe(1);
  });

  it('leaves nothing behind', () => {
    const backlog = createBacklog(() => 2);
    backlog.reserve(trigger)?.();
    expect(backlog.size).toBe(0);
  });
});
