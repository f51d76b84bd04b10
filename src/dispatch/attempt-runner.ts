import { invocationAddress } from '../actors/addresses.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import type { Failure, Recorded } from '../domain/events.ts';
import type { CallOutcome } from '../domain/invocation/outcome.ts';
import type { Logger } from '../domain/logger.ts';
import type { Activity } from './activity.ts';
import type { CallPlan, PlanCall } from './call-plan.ts';
import type { CommandSender } from './command-sender.ts';
import { Interrupter } from './interrupter.ts';
import type { CallTarget } from './target.ts';
import type { Ticket } from './ticket.ts';

type Started = Recorded<'InvocationStarted'>;

export interface AttemptRunnerDeps {
  readonly planCall: PlanCall;
  readonly target: CallTarget;
  readonly sender: CommandSender;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

export interface AttemptRunner {
  /** Runs what has been recorded as started by this process, and records what came of it. */
  run(ticket: Ticket, started: Started): void;
  /** Gives up the call of an invocation that has ended meanwhile; nothing is recorded for it. */
  drop(ticket: Ticket): void;
  /** Gives up every call, now and from now on; each is recorded as cut short by the shutdown. */
  interrupt(): void;
}

const failed = (failure: Failure): CallOutcome => ({
  ok: false,
  durationMs: 0,
  failure,
  retryAfterMs: null,
});

const shutdown = failed({
  kind: 'shutdown',
  message: 'the server is shutting down',
  status: null,
  body: null,
});

const impossible = failed({
  kind: 'internal',
  message: 'the attempt could not be made',
  status: null,
  body: null,
});

export const createAttemptRunner = (deps: AttemptRunnerDeps): AttemptRunner => {
  const { planCall, target, sender, activity, clock, random, log } = deps;
  const running = new Set<Ticket>();
  let interrupted = false;

  const record = async (ticket: Ticket, started: Started, outcome: CallOutcome): Promise<void> => {
    if (ticket.state === 'ended') return;
    const { attempt, attemptId, invocationId } = started.data;
    const now = isoOf(clock.now());
    await sender.send(
      invocationAddress(invocationId),
      { type: 'RecordOutcome', attempt, attemptId, outcome, now, random: random() },
      'system:dispatcher',
      { ...ticket.info, causationId: started.id },
    );
  };

  const cancel = (ticket: Ticket, reason: string) =>
    sender.send(
      invocationAddress(ticket.info.invocationId),
      { type: 'CancelInvocation', reason },
      'system:dispatcher',
      ticket.info,
    );

  const call = async (
    ticket: Ticket,
    plan: Exclude<CallPlan, { cancel: string }>,
  ): Promise<CallOutcome> => {
    if ('failure' in plan) return failed(plan.failure);
    if (interrupted) return shutdown;
    const interrupter = new Interrupter();
    ticket.call = interrupter;
    try {
      return await target.call({ ...plan.call, interrupter });
    } finally {
      ticket.call = undefined;
    }
  };

  const attempt = async (ticket: Ticket, started: Started): Promise<void> => {
    try {
      const planned = planCall(ticket, started.data.attempt);
      const plan = planned instanceof Promise ? await planned : planned;
      if (ticket.state === 'ended') return;
      if ('cancel' in plan) await cancel(ticket, plan.cancel);
      else await record(ticket, started, await call(ticket, plan));
    } catch (error) {
      const { invocationId } = started.data;
      log.error({ err: error, invocationId }, 'attempt could not be made');
      await record(ticket, started, impossible);
    } finally {
      running.delete(ticket);
      activity.end();
    }
  };

  return {
    run(ticket, started) {
      activity.begin();
      running.add(ticket);
      void attempt(ticket, started);
    },
    drop(ticket) {
      ticket.call?.interrupt();
    },
    interrupt() {
      interrupted = true;
      for (const ticket of running) ticket.call?.interrupt();
    },
  };
};
