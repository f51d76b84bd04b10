import type { QueueEntry } from '../../projections/queue.ts';
import type { Chance } from '../domain/chance.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import type { Recorded } from '../domain/events.ts';
import type { AttemptClaim } from '../domain/invocation/commands.ts';
import { failedCall, unanswered } from '../domain/invocation/outcome.ts';
import { functionFor, type RegistryIndex } from '../routing/registry-index.ts';
import type { Documents } from '../views/hot-views.ts';
import type { Cause, CommandSender } from './command-sender.ts';
import type { Ticket, TicketInfo } from './ticket.ts';

export interface AttemptCommandsDeps {
  readonly ownerId: string;
  readonly registry: RegistryIndex;
  readonly queue: Pick<Documents<QueueEntry>, 'get'>;
  readonly sender: CommandSender;
  readonly clock: Clock;
  readonly chance: Chance;
  /** How much longer than its deadline an attempt is believed in. */
  readonly leaseMarginMs: number;
}

const actor = 'system:dispatcher';

const missing = unanswered('function-not-found', 'function not found');

const neverMade = failedCall(
  unanswered(
    'shutdown',
    'the call was not made: the process that was to make it had lost its lane',
  ),
);

/** What dispatch asks of one invocation's attempts. */
export const createAttemptCommands = (deps: AttemptCommandsDeps) => {
  const { ownerId, registry, queue, sender, clock, chance, leaseMarginMs } = deps;

  const causeOf = ({ invocationId, workspace, correlationId }: TicketInfo): Cause => ({
    workspace,
    correlationId,
    causationId: queue.get(invocationId)?.factId,
  });

  return {
    /** A new attempt of this process. */
    claim(ticket: Ticket): AttemptClaim {
      const { info } = ticket;
      const trigger = registry.triggerById(info.triggerId);
      const target = functionFor(registry, info);
      ticket.sent = trigger && target ? { trigger, target } : undefined;
      return {
        attemptId: chance.newId(),
        claimedBy: ownerId,
        leaseUntil: isoOf(clock.now() + info.timeoutMs + leaseMarginMs),
        ...(trigger &&
          target && {
            versions: { trigger: info.pinnedTo ?? trigger.version, function: target.version },
          }),
      };
    },
    start: ({ info }: Ticket, claim: AttemptClaim) =>
      sender.toInvocation(
        info.invocationId,
        { type: 'StartAttempt', ...claim },
        actor,
        causeOf(info),
      ),
    /** There is no function to call. */
    abandon: ({ info }: Ticket) =>
      sender.toInvocation(
        info.invocationId,
        { type: 'AbandonInvocation', reason: 'function-not-found', failure: missing },
        actor,
        causeOf(info),
      ),
    /** It was started by who had no right to, or has none any more: no call was made, and none counts. */
    handBack: ({ info }: Ticket, { id, data }: Recorded<'InvocationStarted'>) =>
      sender.toInvocation(
        info.invocationId,
        {
          type: 'RecordOutcome',
          attempt: data.attempt,
          attemptId: data.attemptId,
          outcome: neverMade,
          now: isoOf(clock.now()),
          random: chance.random(),
        },
        actor,
        { ...info, causationId: id },
      ),
    /** Whoever ran the attempt is gone. */
    async lose({ info }: Ticket): Promise<void> {
      const entry = queue.get(info.invocationId);
      if (entry?.status !== 'running' || entry.attemptId === null) return;
      const { attempt, attemptId } = entry;
      const now = isoOf(clock.now());
      await sender.toInvocation(
        info.invocationId,
        { type: 'LoseAttempt', attempt, attemptId, now, random: chance.random() },
        actor,
        causeOf(info),
      );
    },
  };
};

export type AttemptCommands = ReturnType<typeof createAttemptCommands>;
