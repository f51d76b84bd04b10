import { type Clock, monotonic } from '../domain/clock.ts';
import type { DataOf } from '../domain/events.ts';
import type { AttemptClaim } from '../domain/invocation/commands.ts';
import { SlotMap } from '../domain/slot-map.ts';
import { capacityOf, concurrencyOf } from '../routing/invocation-terms.ts';
import { functionFor, type RegistryIndex } from '../routing/registry-index.ts';
import type { Activity } from './activity.ts';
import { createAdmission } from './admission.ts';
import type { AttemptCommands } from './attempt-commands.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import { createBacklog } from './backlog.ts';
import type { Cause, CommandSender } from './command-sender.ts';
import { createDueIndex } from './due-index.ts';
import { Ticket, type TicketInfo } from './ticket.ts';

export interface TicketDeskDeps {
  readonly registry: RegistryIndex;
  readonly commands: AttemptCommands;
  readonly sender: Pick<CommandSender, 'stopped'>;
  readonly attempts: Pick<AttemptRunner, 'drop'>;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly runningLimit: number;
  /** Whether it has not ended; it may be requested only later. */
  readonly isReplayOpen: (replayId: string) => boolean;
}

export type Terms = Omit<TicketInfo, 'workspace' | 'correlationId'>;

export const termsOf = (queued: DataOf<'InvocationQueued'>): Terms =>
  queued.replay === undefined ? queued : { ...queued, replayId: queued.replay.id };

/** A start that was refused for no lasting reason is tried again after this. */
const secondThoughtMs = 1_000;

/** Takes a ticket for each invocation, has it started when it gets a slot or is due, and ends it. */
export const createTicketDesk = (deps: TicketDeskDeps) => {
  const { registry, commands, sender, attempts, activity, clock } = deps;
  const tickets = new SlotMap<Ticket>();
  /** Triggers about to be suspended: they are held before the log says so. */
  const suspending = new Set<string>();
  let accepted = 0;
  let entering: Ticket | undefined;

  const admission = createAdmission({
    runningLimit: deps.runningLimit,
    functionLimitOf: (functionId) =>
      registry.functionById(functionId)?.concurrency ?? Number.POSITIVE_INFINITY,
    termsOf: (triggerId) => {
      const trigger = registry.triggerById(triggerId);
      const held = trigger?.status !== 'active' || suspending.has(triggerId);
      if (trigger === undefined) return undefined;
      const { startFrom } = trigger;
      const catchingUp = startFrom !== undefined && deps.isReplayOpen(startFrom.replayId);
      return { limit: concurrencyOf(trigger), held, catchingUp };
    },
    onSlot: (ticket) => {
      if (ticket !== entering) void start(ticket);
    },
  });

  const due = createDueIndex<Ticket>(monotonic(clock), (ticket) => {
    if (ticket.state === 'waiting') admission.resume(ticket);
    else if (ticket.state === 'holding') void commands.lose(ticket);
  });

  const wakeIn = (ticket: Ticket, delayMs: number): void =>
    due.set(ticket, clock.elapsed() + Math.max(0, delayMs));

  /** Never longer than was meant when it was recorded, wherever the wall clock has been set since. */
  const wakeAt = (ticket: Ticket, instant: string | null, since: string): void => {
    const at = Date.parse(instant ?? since);
    wakeIn(ticket, Math.min(at - clock.now(), at - Date.parse(since)));
  };

  const backlog = createBacklog((triggerId) => {
    const trigger = registry.triggerById(triggerId);
    return trigger === undefined ? 0 : capacityOf(trigger);
  });

  const take = (
    { invocationId, triggerId, functionId, orderingKey, timeoutMs, pinnedTo, replayId }: Terms,
    { workspace, correlationId }: Cause,
  ): Ticket => {
    const info = {
      invocationId,
      workspace,
      triggerId,
      functionId,
      orderingKey,
      timeoutMs,
      correlationId,
      pinnedTo,
      replayId,
    };
    accepted += 1;
    const ticket = new Ticket(info, accepted);
    tickets.set(info.invocationId, ticket);
    return ticket;
  };

  const beginStart = (ticket: Ticket): AttemptClaim => {
    backlog.begin(ticket);
    activity.begin();
    return commands.claim(ticket);
  };

  const endStart = (ticket: Ticket): void => {
    if (!ticket.starting) return;
    backlog.begun(ticket);
    activity.end();
  };

  /** Whether its start will have been recorded is not known yet. */
  const isRiding = (ticket: Ticket): boolean => ticket.rides && ticket.starting;

  const isRunnable = (ticket: Ticket): boolean => functionFor(registry, ticket.info) !== undefined;

  /** It was not started after all. */
  const thinkAgain = (ticket: Ticket, delayMs: number): void => {
    endStart(ticket);
    if (ticket.state !== 'holding' || sender.stopped) return;
    admission.wait(ticket);
    wakeIn(ticket, delayMs);
  };

  const abandon = async (ticket: Ticket): Promise<void> => {
    const answer = await commands.abandon(ticket);
    if (answer === undefined) thinkAgain(ticket, secondThoughtMs);
  };

  const start = async (ticket: Ticket): Promise<void> => {
    // What was asked before decides; facts of earlier attempts may still be coming in.
    if (ticket.starting) return;
    if (!isRunnable(ticket)) {
      await abandon(ticket);
      return;
    }
    const answer = await commands.start(ticket, beginStart(ticket));
    // Where the log has told meanwhile what became of it, that stands.
    if (answer === undefined && ticket.starting) thinkAgain(ticket, secondThoughtMs);
  };

  const end = (ticket: Ticket): void => {
    tickets.delete(ticket.info.invocationId);
    due.delete(ticket);
    backlog.leave(ticket);
    endStart(ticket);
    admission.end(ticket);
    attempts.drop(ticket);
  };

  const enter = (ticket: Ticket): boolean => {
    backlog.accept(ticket);
    entering = ticket;
    admission.enter(ticket);
    entering = undefined;
    return ticket.state === 'holding';
  };

  return {
    tickets,
    suspending,
    admission,
    backlog,
    due,
    take,
    /** True where it got a slot at once. */
    enter,
    isRunnable,
    isRiding,
    beginStart,
    endStart,
    abandon,
    end,
    wakeAt,
  };
};
