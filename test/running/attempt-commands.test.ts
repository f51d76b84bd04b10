import { expect, it } from 'vitest';
import type { QueueEntry } from '../../projections/queue.ts';
import {
  type AttemptCommandsDeps,
  createAttemptCommands,
} from '../../src/running/attempt-commands.ts';
import type { Ticket } from '../../src/running/ticket.ts';
import { createManualClock } from '../log/manual-clock.ts';

const ticket = {
  info: { invocationId: 'i', workspace: 'acme', correlationId: 'story' },
} as Ticket;

const lost = async (entry: Partial<QueueEntry> | undefined): Promise<readonly unknown[][]> => {
  const sent: unknown[][] = [];
  const commands = createAttemptCommands({
    queue: { get: () => entry as QueueEntry | undefined },
    sender: { toInvocation: async (...what: unknown[]) => void sent.push(what) },
    clock: createManualClock().clock,
    chance: { random: () => 0.5 },
  } as unknown as AttemptCommandsDeps);
  await commands.lose(ticket);
  return sent;
};

it('an attempt whose owner is gone is lost, as it is on record', async () => {
  expect(
    await lost({ status: 'running', attempt: 2, attemptId: 'second', factId: 'started' }),
  ).toEqual([
    [
      'i',
      {
        ...{ type: 'LoseAttempt', attempt: 2, attemptId: 'second' },
        ...{ now: '2026-01-01T00:00:00.000Z', random: 0.5 },
      },
      'system:dispatcher',
      { workspace: 'acme', correlationId: 'story', causationId: 'started' },
    ],
  ]);
});

it('what does not run has no attempt to lose', async () => {
  for (const entry of [
    undefined,
    { status: 'waiting', attempt: 1, attemptId: 'first' } as const,
    { status: 'queued', attempt: 0, attemptId: null } as const,
    { status: 'running', attempt: 1, attemptId: null } as const,
  ])
    expect(await lost(entry)).toEqual([]);
});
