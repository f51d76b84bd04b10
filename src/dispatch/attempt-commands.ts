import type { QueueEntry } from '../../projections/queue.ts';
import { invocationAddress } from '../actors/addresses.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import { newId } from '../domain/ids.ts';
import type { AttemptClaim } from '../domain/invocation/commands.ts';
import { unanswered } from '../domain/invocation/outcome.ts';
import type { Documents } from '../subscriptions/hot-views.ts';
import type { Cause, CommandSender } from './command-sender.ts';
import type { Ticket, TicketInfo } from './ticket.ts';

export interface AttemptCommandsDeps {
  readonly ownerId: string;
  readonly queue: Pick<Documents<QueueEntry>, 'get'>;
  readonly sender: CommandSender;
  readonly clock: Clock;
  readonly random: () => number;
  /** How much longer than its deadline an attempt is believed in. */
  readonly leaseMarginMs: number;
}

const actor = 'system:dispatcher';

const missing = unanswered('function-not-found', 'function not found');

/** What dispatch asks of one invocation's attempts. */
export const createAttemptCommands = (deps: AttemptCommandsDeps) => {
  const { ownerId, queue, sender, clock, random, leaseMarginMs } = deps;

  const causeOf = ({ invocationId, workspace, correlationId }: TicketInfo): Cause => ({
    workspace,
    correlationId,
    causationId: queue.get(invocationId)?.factId,
  });

  return {
    /** A new attempt of this process. */
    claim: ({ info }: Ticket): AttemptClaim => ({
      attemptId: newId(),
      claimedBy: ownerId,
      leaseUntil: isoOf(clock.now() + info.timeoutMs + leaseMarginMs),
    }),
    start: ({ info }: Ticket, claim: AttemptClaim) =>
      sender.send(
        invocationAddress(info.invocationId),
        { type: 'StartAttempt', ...claim },
        actor,
        causeOf(info),
      ),
    /** There is no function to call. */
    abandon: ({ info }: Ticket) =>
      sender.send(
        invocationAddress(info.invocationId),
        { type: 'AbandonInvocation', reason: 'function-not-found', failure: missing },
        actor,
        causeOf(info),
      ),
    /** Whoever ran the attempt is gone. */
    async lose({ info }: Ticket): Promise<void> {
      const entry = queue.get(info.invocationId);
      if (entry?.status !== 'running' || entry.attemptId === null) return;
      const { attempt, attemptId } = entry;
      const now = isoOf(clock.now());
      await sender.send(
        invocationAddress(info.invocationId),
        { type: 'LoseAttempt', attempt, attemptId, now, random: random() },
        actor,
        causeOf(info),
      );
    },
  };
};

export type AttemptCommands = ReturnType<typeof createAttemptCommands>;
