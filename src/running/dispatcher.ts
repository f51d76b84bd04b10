import type { QueueEntry } from '../../projections/queue.ts';
import type { Recorded } from '../domain/events.ts';
import { isArrival } from '../domain/ids.ts';
import type { AttemptClaim, QueueInvocation } from '../domain/invocation/commands.ts';
import { dropsSurplus } from '../routing/invocation-terms.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import type { MaintainedBacklog } from './backlog.ts';
import type { Cause, CommandSender } from './command-sender.ts';
import type { Ticket } from './ticket.ts';
import { createTicketDesk, type TicketDeskDeps, termsOf } from './ticket-desk.ts';

export interface DispatcherDeps extends TicketDeskDeps {
  readonly ownerId: string;
  /** No other process can be at work on this log. */
  readonly exclusive: boolean;
  readonly sender: CommandSender;
  readonly attempts: AttemptRunner;
  /** Whether the lane is still this process's, so that a start which rides in an arrival is one. */
  readonly mayStart: () => boolean;
}

/** Facts about invocations, functions and triggers, by what they mean for starting and stopping. */
export interface Dispatcher {
  readonly backlog: MaintainedBacklog;
  /** Records a new invocation, with its first start where a slot is free. Undefined: refused. */
  queue(command: QueueInvocation, cause: Cause): Promise<unknown>;
  /**
   * A slot for a new invocation that is about to be recorded with its arrival; undefined where none
   * is free, or others are before it.
   */
  ride(command: QueueInvocation, cause: Cause): AttemptClaim | undefined;
  /** It was not recorded after all. */
  alight(invocationId: string): void;
  /** Takes over what the queue view holds from before. */
  restore(entries: Iterable<QueueEntry>): void;
  queued(event: Recorded<'InvocationQueued'>): void;
  /** The record at hand has no more facts: what it queued and did not start stands in line now. */
  recordEnds(): void;
  started(event: Recorded<'InvocationStarted'>): void;
  rescheduled(event: Recorded<'InvocationFailed' | 'AttemptLost'>): void;
  ended(invocationId: string): void;
  /** Nothing of the trigger is started from now until its suspension has been recorded or refused. */
  suspend(
    triggerId: string,
    send: () => Promise<{ readonly facts: readonly unknown[] } | undefined>,
  ): Promise<void>;
  triggerChanged(triggerId: string): void;
  /** A replay is over: what is live may have waited for it. */
  caughtUp(): void;
  functionChanged(functionId: string): void;
  /** Nothing is started any more. */
  close(): void;
  readonly running: number;
  readonly open: number;
  /** Of one trigger; an invocation counts as soon as its arrival is seen. */
  openOf(triggerId: string): number;
  readonly due: number;
}

export const createDispatcher = (deps: DispatcherDeps): Dispatcher => {
  const { ownerId, registry, commands, sender, attempts } = deps;
  const desk = createTicketDesk(deps);
  const { tickets, suspending, admission, backlog, due } = desk;
  /** Queued by the record at hand, which may say next that they have started. */
  let arriving: Ticket[] = [];
  /** Those of them that ride, by this record or by another one of the same arrival. */
  let aboard: Recorded<'InvocationQueued'>[] = [];

  /** What was refused never came to be. */
  const forgetIf = (refused: boolean, ticket: Ticket): void => {
    if (refused && !sender.stopped) desk.end(ticket);
  };

  const isSurplus = ({ triggerId, retryOf, replay }: QueueInvocation): boolean => {
    const trigger = registry.triggerById(triggerId);
    if (trigger === undefined || retryOf !== null || replay !== undefined) return false;
    return dropsSurplus(trigger) && backlog.isFull(triggerId);
  };

  /** It is recorded together with its end. */
  const turnAway = async (ticket: Ticket, refused: QueueInvocation, cause: Cause) => {
    admission.enterWaiting(ticket);
    const { invocationId } = refused;
    const answer = await sender.toInvocation(invocationId, refused, 'system:router', cause);
    forgetIf(answer === undefined, ticket);
    return answer;
  };

  const queueUp: Dispatcher['queue'] = (command, cause) => {
    const { invocationId } = command;
    const known = tickets.get(invocationId);
    if (known !== undefined && !desk.isRiding(known)) return Promise.resolve(command);
    // The arrival is on record without a start, so the record that one rides in will be refused.
    if (known !== undefined) desk.end(known);
    const ticket = desk.take(termsOf(command), cause);
    const cancel = isSurplus(command) ? 'dropped: queue full' : command.cancel;
    if (cancel !== undefined) return turnAway(ticket, { ...command, cancel }, cause);
    const admitted = desk.enter(ticket);
    const start = admitted && desk.isRunnable(ticket) ? desk.beginStart(ticket) : null;
    const queued = { ...command, start };
    const answering = sender.toInvocation(invocationId, queued, 'system:router', cause);
    return answering.then((answer) => {
      forgetIf(answer === undefined, ticket);
      // Not before: what has not been recorded cannot be given up.
      if (admitted && start === null && answer !== undefined) void desk.abandon(ticket);
      return answer;
    });
  };

  const release = (triggerId: string): void => {
    suspending.delete(triggerId);
    admission.termsChanged(triggerId);
  };

  /** At the end of its line, but not to start before its record has been seen to the end. */
  const stand = ({ data, metadata }: Recorded<'InvocationQueued'>): void => {
    const { workspace, $correlationId: correlationId } = metadata;
    const ticket = desk.take(termsOf(data), { workspace, correlationId });
    admission.enterWaiting(ticket);
    backlog.accept(ticket);
    arriving.push(ticket);
  };

  const restoreOne = (entry: QueueEntry): void => {
    const ticket = desk.take(entry, entry);
    if (entry.attempt === 0) backlog.accept(ticket);
    if (entry.status === 'queued') {
      admission.enter(ticket);
      return;
    }
    admission.enterWaiting(ticket);
    if (entry.status === 'waiting') {
      desk.wakeAt(ticket, entry.dueAt, entry.since);
      return;
    }
    admission.occupy(ticket);
    if (deps.exclusive) void commands.lose(ticket);
    else desk.wakeAt(ticket, entry.leaseUntil, entry.since);
  };

  return {
    backlog,
    queue: queueUp,
    ride(command, cause) {
      if (command.orderingKey !== null || tickets.has(command.invocationId)) return undefined;
      const ticket = desk.take(termsOf(command), cause);
      ticket.rides = true;
      if (desk.isRunnable(ticket) && admission.enterAtOnce(ticket)) return desk.beginStart(ticket);
      tickets.delete(command.invocationId);
      return undefined;
    },
    alight(invocationId) {
      const ticket = tickets.get(invocationId);
      // Where the log has shown its start meanwhile, it was recorded, whatever its sender was told.
      if (ticket !== undefined && desk.isRiding(ticket)) desk.end(ticket);
    },
    restore(entries) {
      const inOrder = [...entries].sort((a, b) => (a.queuedAt < b.queuedAt ? -1 : 1));
      const begun = inOrder.filter(({ status }) => status !== 'queued');
      for (const entry of begun) restoreOne(entry);
      for (const entry of inOrder) if (entry.status === 'queued') restoreOne(entry);
    },
    queued(event) {
      const known = tickets.get(event.data.invocationId);
      if (known === undefined) stand(event);
      else if (desk.isRiding(known)) aboard.push(event);
    },
    recordEnds() {
      if (arriving.length + aboard.length === 0) return;
      for (const event of aboard) {
        const ticket = tickets.get(event.data.invocationId);
        // It is on record, but in another one than its start rides in, which will be refused.
        if (ticket === undefined || !desk.isRiding(ticket)) continue;
        desk.end(ticket);
        stand(event);
      }
      const queued = arriving;
      arriving = [];
      aboard = [];
      for (const ticket of queued) admission.resume(ticket);
    },
    started(event) {
      const { data } = event;
      const ticket = tickets.get(data.invocationId);
      if (ticket === undefined) return;
      const isOwn = data.claimedBy === ownerId;
      const rode = isArrival(event.stream);
      // Recorded when the lane was this process's already: it is void, and nobody has called.
      if (rode && !isOwn) {
        arriving = arriving.filter((other) => other !== ticket);
        void commands.handBack(ticket, event);
        return;
      }
      due.delete(ticket);
      backlog.leave(ticket);
      admission.occupy(ticket);
      if (!isOwn) desk.wakeAt(ticket, data.leaseUntil, event.metadata.occurredAt);
      else if (rode && !deps.mayStart()) void commands.handBack(ticket, event);
      else attempts.run(ticket, event);
      desk.endStart(ticket);
    },
    rescheduled({ data, metadata }) {
      const ticket = tickets.get(data.invocationId);
      if (ticket === undefined) return;
      admission.wait(ticket);
      desk.wakeAt(ticket, data.retryAt, metadata.occurredAt);
    },
    ended(invocationId) {
      const ticket = tickets.get(invocationId);
      if (ticket !== undefined) desk.end(ticket);
    },
    async suspend(triggerId, send) {
      suspending.add(triggerId);
      admission.termsChanged(triggerId);
      const answer = await send();
      // What has been recorded takes over when it is seen on the log.
      if (answer === undefined || answer.facts.length === 0) release(triggerId);
    },
    triggerChanged: release,
    caughtUp: () => admission.caughtUp(),
    functionChanged: (functionId) => admission.functionChanged(functionId),
    close() {
      admission.close();
      due.stop();
    },
    get running() {
      return admission.running;
    },
    get open() {
      return tickets.size;
    },
    openOf: (triggerId) => admission.openOf(triggerId),
    get due() {
      return due.size;
    },
  };
};
