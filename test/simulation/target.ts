import type { Clock } from '../../src/domain/clock.ts';
import {
  type CallOutcome,
  failedCall,
  shutdownOutcome,
  unanswered,
} from '../../src/domain/invocation/outcome.ts';
import type { Payload } from '../../src/domain/payload.ts';
import type { Call, CallTarget } from '../../src/targets/target.ts';
import type { Dice } from './dice.ts';
import type { TargetFate } from './options.ts';
import { short } from './trace.ts';
import type { World } from './world.ts';

/** Short ones ride in their facts, all others lie beside the log. */
const lengths = { 0: 12, 3: 4, 4096: 1, 4097: 1, 9000: 3, 262144: 1 };

const bodyOf = (dice: Dice): Payload => {
  const length = Number(dice.weighted(lengths));
  return { encoding: 'utf8', content: dice.pick(['a', '"', '\0']).repeat(length) };
};

const answered = (status: number, durationMs: number, body: Payload): CallOutcome =>
  status === 200
    ? {
        ok: true,
        durationMs,
        answer: { status, contentType: null, body, truncated: false },
      }
    : {
        ok: false,
        durationMs,
        failure: {
          kind: status === 410 ? 'gone' : 'status',
          message: `the target answered ${status}`,
          status,
          body,
        },
        retryAfterMs: status === 429 ? 7_000 : null,
      };

const outcomeOf = (fate: TargetFate, durationMs: number, body: Payload): CallOutcome => {
  if (fate === 'reset') return failedCall(unanswered('connection', 'reset'), durationMs);
  const status = Number(fate);
  return answered(Number.isNaN(status) ? 200 : status, durationMs, body);
};

/** Of the deadline, how much passes before the answer; the others answer at once. */
const patience: Readonly<Partial<Record<TargetFate, number>>> = { drip: 0.9, late: 1, hang: 100 };

/** One call that has left: it ends once, at the latest at its deadline. */
const createExchange = (
  { timeoutMs, interrupter }: Call,
  clock: Clock,
  end: (outcome: CallOutcome) => void,
) => {
  const startedAt = clock.elapsed();
  let open = true;
  const settle = (outcome: CallOutcome): void => {
    if (!open) return;
    open = false;
    forget();
    end(outcome);
  };
  const lasted = (): number => clock.elapsed() - startedAt;
  const forget = clock.after(timeoutMs, () =>
    settle(failedCall(unanswered('timeout', 'timed out'), lasted())),
  );
  interrupter?.listen(() => settle(shutdownOutcome));
  return {
    take(fate: TargetFate, body: Payload): void {
      const answer = (): void => settle(outcomeOf(fate, lasted(), body));
      const share = patience[fate];
      if (share === undefined) answer();
      else clock.after(Math.floor(timeoutMs * share) + 1, answer);
    },
  };
};

export interface TargetDeps {
  readonly world: World;
  readonly owner: string;
  readonly clock: Clock;
  /** A call leaves the process. */
  readonly onCall: (call: Call) => void;
}

/** Endpoints as one process reaches them: each call parks until it is decided what comes of it. */
export const createSimulatedTarget = (deps: TargetDeps) => {
  const { world, owner, clock, onCall } = deps;
  const { lot, dice, options, conditions, counters } = world;
  let running = 0;

  const begin = (call: Call, resolve: (outcome: CallOutcome) => void): void => {
    running += 1;
    const exchange = createExchange(call, clock, (outcome) => {
      running -= 1;
      resolve(outcome);
    });
    const answer = (): void => {
      const fate = conditions.calm ? 'success' : dice.weighted(options.targets);
      counters.count(`target ${fate}`);
      exchange.take(fate, bodyOf(dice));
    };
    const label = `${owner} is answered: ${short(String(call.headers['idempotency-key']))}`;
    lot.park({ owner, label, go: answer });
  };

  const target: CallTarget = {
    call: (call) =>
      new Promise((resolve) => {
        if (call.interrupter?.interrupted) {
          resolve(shutdownOutcome);
          return;
        }
        onCall(call);
        begin(call, resolve);
      }),
    close: async () => {},
  };
  return {
    target,
    get running() {
      return running;
    },
  };
};
