import type { Chance } from '../domain/chance.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import type { Recorded } from '../domain/events.ts';
import { keptOutcome, longestInFact, withoutAnswer } from '../domain/invocation/kept-outcome.ts';
import {
  type CallOutcome,
  failedCall,
  shutdownOutcome,
  unanswered,
} from '../domain/invocation/outcome.ts';
import type { Logger } from '../domain/logger.ts';
import { SlotMap } from '../domain/slot-map.ts';
import { Interrupter } from '../targets/interrupter.ts';
import type { CallTarget } from '../targets/target.ts';
import type { Activity } from './activity.ts';
import type { CallPlan, PlanCall } from './call-plan.ts';
import type { CommandSender } from './command-sender.ts';
import type { Ticket } from './ticket.ts';

type Started = Recorded<'InvocationStarted'>;
type PlannedCall = Extract<CallPlan, { readonly call: unknown }>['call'];

const nothing: Promise<void> = Promise.resolve();

export interface AttemptRunnerDeps {
  readonly planCall: PlanCall;
  readonly target: CallTarget;
  readonly sender: CommandSender;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly chance: Pick<Chance, 'random' | 'bytes'>;
  readonly log: Logger;
  /** Whether answers lie beside the log however short they are. */
  readonly answersBeside: boolean;
}

export interface AttemptRunner {
  /** Runs what has been recorded as started by this process, and records what came of it. */
  run(ticket: Ticket, started: Started): void;
  /** Answers of calls under way that are of these invocations are not kept. */
  keepNoAnswer(isOf: (invocationId: string) => boolean): void;
  /** Gives up the call of an invocation that has ended meanwhile; nothing is recorded for it. */
  drop(ticket: Ticket): void;
  /** Gives up every call, now and from now on; each is recorded as cut short by the shutdown. */
  interrupt(): void;
  /** Attempts under way. */
  readonly running: number;
}

const impossible = failedCall(unanswered('internal', 'the attempt could not be made'));

export const createAttemptRunner = (deps: AttemptRunnerDeps): AttemptRunner => {
  const { planCall, target, sender, activity, clock, chance, log } = deps;
  const longest = deps.answersBeside ? 0 : longestInFact;
  const running = new SlotMap<Ticket>();
  let interrupted = false;

  const record = (ticket: Ticket, started: Started, outcome: CallOutcome): Promise<unknown> => {
    if (ticket.state === 'ended') return nothing;
    const { attempt, attemptId, invocationId } = started.data;
    const { workspace, correlationId } = ticket.info;
    const now = isoOf(clock.now());
    const told = ticket.answersForNobody ? withoutAnswer(outcome) : outcome;
    const { outcome: kept, payload } = keptOutcome(told, longest, chance);
    return sender.toInvocation(
      invocationId,
      { type: 'RecordOutcome', attempt, attemptId, outcome: kept, now, random: chance.random() },
      'system:dispatcher',
      { workspace, correlationId, causationId: started.id },
      payload,
    );
  };

  const cancel = (ticket: Ticket, reason: string) =>
    sender.toInvocation(
      ticket.info.invocationId,
      { type: 'CancelInvocation', reason },
      'system:dispatcher',
      ticket.info,
    );

  const call = (ticket: Ticket, started: Started, planned: PlannedCall): Promise<unknown> => {
    const { type, url, body, headers, timeoutMs } = planned;
    const interrupter = new Interrupter();
    ticket.call = interrupter;
    return target.call({ type, url, body, headers, timeoutMs, interrupter }).then((outcome) => {
      ticket.call = undefined;
      return record(ticket, started, outcome);
    });
  };

  const carryOut = (ticket: Ticket, started: Started, plan: CallPlan): Promise<unknown> => {
    if (ticket.state === 'ended') return nothing;
    if ('cancel' in plan) return cancel(ticket, plan.cancel);
    if ('failure' in plan) return record(ticket, started, failedCall(plan.failure));
    if (interrupted) return record(ticket, started, shutdownOutcome);
    return call(ticket, started, plan.call);
  };

  const attempt = (ticket: Ticket, started: Started): Promise<unknown> => {
    try {
      const plan = planCall(ticket, started.data.attempt);
      return plan instanceof Promise
        ? plan.then((loaded) => carryOut(ticket, started, loaded))
        : carryOut(ticket, started, plan);
    } catch (error) {
      return Promise.reject(error);
    }
  };

  return {
    run(ticket, started) {
      activity.begin();
      const { attemptId } = started.data;
      running.set(attemptId, ticket);
      const done = (): void => {
        running.delete(attemptId);
        activity.end();
      };
      attempt(ticket, started).then(done, (error: unknown) => {
        ticket.call = undefined;
        const { invocationId } = started.data;
        log.error({ err: error, invocationId }, 'attempt could not be made');
        return record(ticket, started, impossible).then(done, done);
      });
    },
    keepNoAnswer(isOf) {
      for (const ticket of running.values()) {
        if (isOf(ticket.info.invocationId)) ticket.answersForNobody = true;
      }
    },
    drop(ticket) {
      ticket.call?.interrupt();
    },
    get running() {
      return running.size;
    },
    interrupt() {
      interrupted = true;
      for (const ticket of running.values()) ticket.call?.interrupt();
    },
  };
};
