import type { Actors, Answered } from '../actors/actors.ts';
import type { Address } from '../actors/address.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import { type ErrorCode, isTriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import type { InvocationCommand } from '../domain/invocation/commands.ts';
import type { Logger } from '../domain/logger.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import { jitteredDelay } from '../log/backoff.ts';
import type { Lane, LaneAnswer } from './lane.ts';

/** What a command of the engine is about. */
export interface Cause {
  readonly workspace: string;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
}

export interface CommandSender {
  /**
   * Keeps trying while the store is away. The answer is undefined where the command was refused,
   * which is logged, or where sending ended; it never rejects.
   */
  send<State, Command>(
    address: Address<State, Command>,
    command: Command,
    actor: string,
    cause: Cause,
  ): Promise<Answered<State> | undefined>;
  /** Of an invocation, through its lane; the same holds of the answer. */
  toInvocation(
    invocationId: string,
    command: InvocationCommand,
    actor: string,
    cause: Cause,
    payload?: SaltedBytes,
  ): Promise<LaneAnswer | undefined>;
  /** Another task that needs the store, tried just as patiently. */
  keepTrying<Result>(what: string, task: () => Promise<Result>): Promise<Result | undefined>;
  /** What still waits for the store is given up. */
  stop(): void;
  readonly stopped: boolean;
  readonly refused: number;
}

export interface CommandSenderDeps {
  readonly actors: Pick<Actors, 'ask'>;
  readonly lane: Pick<Lane, 'ask'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** The store has failed in a way only a new start can heal. */
  readonly onFatal: (error: unknown) => void;
}

const passing: ReadonlySet<ErrorCode> = new Set([
  'store-unavailable',
  'disk-full',
  'outcome-unknown',
  'wrong-expected-revision',
]);
const deadly: ReadonlySet<ErrorCode> = new Set(['store-failed', 'corrupt-store']);

export const createCommandSender = (deps: CommandSenderDeps): CommandSender => {
  const { actors, lane, clock, random, log } = deps;
  const sleeping = new Set<() => void>();
  let stopped = false;
  let refused = 0;
  let away = false;
  let iso = '';
  let isoMs = Number.NaN;

  const nowIso = (): string => {
    const now = clock.now();
    if (now !== isoMs) {
      isoMs = now;
      iso = isoOf(now);
    }
    return iso;
  };

  const envelopeOf = (actor: string, cause: Cause): Envelope => ({
    workspace: cause.workspace,
    actor,
    occurredAt: nowIso(),
    $correlationId: cause.correlationId,
    causationId: cause.causationId,
  });

  const pause = (failures: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        sleeping.delete(wake);
        resolve();
      };
      const cancel = clock.after(jitteredDelay(failures, random), wake);
      sleeping.add(wake);
    });

  const refusedAs = (error: unknown, what: string): void => {
    if (stopped || isTriplineError(error, 'shutting-down')) return;
    refused += 1;
    log.error({ err: error, what }, 'command refused');
  };

  /** True where it is worth another try. */
  const weigh = (error: unknown, what: string): boolean => {
    const code = isTriplineError(error) ? error.code : 'internal';
    if (passing.has(code)) {
      if (!away) log.warn({ what, code }, 'waiting for the store');
      away = true;
      return !stopped;
    }
    if (deadly.has(code)) {
      deps.onFatal(error);
      return false;
    }
    refusedAs(error, what);
    return false;
  };

  const tryAgain = async <Result>(
    what: string,
    task: () => Promise<Result>,
    firstError: unknown,
  ): Promise<Result | undefined> => {
    let error = firstError;
    for (let failures = 0; weigh(error, what); failures += 1) {
      await pause(failures);
      if (stopped) return undefined;
      try {
        const result = await task();
        if (away) log.info({}, 'the store is back');
        away = false;
        return result;
      } catch (next) {
        error = next;
      }
    }
    return undefined;
  };

  const keepTrying: CommandSender['keepTrying'] = (what, task) =>
    task().catch((error: unknown) => tryAgain(what, task, error));

  return {
    send(address, command, actor, cause) {
      const envelope = envelopeOf(actor, cause);
      return keepTrying(address.stream, () => actors.ask(address, command, envelope));
    },
    toInvocation: (invocationId, command, actor, cause, payload) => {
      const asked = lane.ask(invocationId, command, envelopeOf(actor, cause), payload);
      return asked.catch((error: unknown) => {
        refusedAs(error, invocationId);
        return undefined;
      });
    },
    keepTrying,
    stop() {
      stopped = true;
      for (const wake of sleeping) wake();
    },
    get stopped() {
      return stopped;
    },
    get refused() {
      return refused;
    },
  };
};
