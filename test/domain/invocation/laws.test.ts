import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTriplineError } from '../../../src/domain/errors.ts';
import type { Fact, Failure } from '../../../src/domain/events.ts';
import { Failure as FailureSchema } from '../../../src/domain/events.ts';
import { retryDelay, scheduledDelay } from '../../../src/domain/invocation/backoff.ts';
import type { InvocationCommand } from '../../../src/domain/invocation/commands.ts';
import {
  hasEnded,
  type InvocationState,
  invocation,
} from '../../../src/domain/invocation/decider.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../../../src/domain/retry-policy.ts';
import { answer, now, queued, timeout } from '../examples.ts';

const policies = fc.record<RetryPolicy>({
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  initialDelayMs: fc.integer({ min: 1, max: 86_400_000 }),
  maxDelayMs: fc.integer({ min: 1, max: 86_400_000 }),
  multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
  retryStatuses: fc.subarray([404, 408, 409, 410, 429]),
});
const failures: fc.Arbitrary<Failure> = fc
  .record({
    kind: fc.constantFrom(...FailureSchema.shape.kind.options),
    status: fc.option(fc.integer({ min: 100, max: 599 })),
  })
  .map((failure) => ({ ...timeout, ...failure }));
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const outcomes = fc.oneof(
  fc.constant({ ok: true as const, durationMs: 1, answer }),
  fc
    .record({ failure: failures, retryAfterMs: fc.option(fc.double()) })
    .map((failed) => ({ ok: false as const, durationMs: 1, ...failed })),
);

/** Attempt ids are few, so that right ones, late ones and foreign ones all come up. */
const attempts = fc.integer({ min: 1, max: 7 }).map((attempt) => ({
  attempt,
  attemptId: `attempt-${attempt}`,
}));
const commandsFor = (policy: RetryPolicy): fc.Arbitrary<InvocationCommand> => {
  const claims = attempts.map(({ attemptId }) => ({ attemptId, claimedBy: 'me', leaseUntil: now }));
  const ends = fc.record({ random: randoms, now: fc.constant(now) });
  return fc.oneof(
    fc
      .option(claims)
      .map((start) => ({ type: 'QueueInvocation' as const, ...queued.data, policy, start })),
    { weight: 4, arbitrary: claims.map((c) => ({ type: 'StartAttempt' as const, ...c })) },
    {
      weight: 6,
      arbitrary: fc.tuple(attempts, ends, outcomes).map(([attempt, end, outcome]) => ({
        type: 'RecordOutcome' as const,
        ...attempt,
        ...end,
        outcome,
      })),
    },
    fc
      .tuple(attempts, ends)
      .map(([attempt, end]) => ({ type: 'LoseAttempt' as const, ...attempt, ...end })),
    fc.constant({ type: 'CancelInvocation' as const, reason: 'x' }),
    fc.constant({ type: 'RetryInvocation' as const }),
    fc.constant({ type: 'AbandonInvocation' as const, reason: 'gone' as const, failure: timeout }),
  );
};

const ask = (command: InvocationCommand, state: InvocationState): readonly Fact[] => {
  try {
    return invocation.decide(command, state);
  } catch (error) {
    if (isTriplineError(error)) return [];
    throw error;
  }
};

const terminal: readonly string[] = [
  'InvocationSucceeded',
  'InvocationDeadLettered',
  'InvocationCancelled',
];

const interruptedTimes = (log: readonly Fact[]): number =>
  log.filter((fact) => fact.type === 'InvocationFailed' && fact.data.failure.kind === 'shutdown')
    .length;

describe('whatever is asked of an invocation, in whatever order', () => {
  const stories = policies.chain((policy) =>
    fc.tuple(fc.constant(policy), fc.array(commandsFor(policy), { maxLength: 60 })),
  );

  it('records what its machine takes, one outcome at most, and no attempt beyond the limit', () => {
    fc.assert(
      fc.property(stories, ([policy, commands]) => {
        let state = invocation.initialState;
        const log: Fact[] = [];
        for (const command of commands) {
          for (const fact of ask(command, state)) {
            state = invocation.evolve(state, fact as never);
            log.push(fact);
          }
        }
        const counted = log.filter(({ type }) => type === 'InvocationStarted').length;
        expect(counted - interruptedTimes(log)).toBeLessThanOrEqual(policy.maxAttempts);
        const ends = log.filter(({ type }) => terminal.includes(type));
        expect(ends).toHaveLength(hasEnded(state) ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('gives nothing for the same command twice, except for what an operator asks again', () => {
    fc.assert(
      fc.property(stories, ([, commands]) => {
        let state = invocation.initialState;
        for (const command of commands) {
          for (const fact of ask(command, state)) state = invocation.evolve(state, fact as never);
          if (command.type !== 'RetryInvocation') expect(ask(command, state)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the delay before the next attempt', () => {
  const turns = fc.integer({ min: 1, max: 100 });

  it('lies between nothing and the schedule where the target asks for nothing', () => {
    fc.assert(
      fc.property(policies, turns, randoms, (policy, turn, random) => {
        const delay = retryDelay(policy, turn, random, null);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(
          Math.min(scheduledDelay(policy, turn), policy.maxDelayMs),
        );
        expect(Number.isSafeInteger(delay)).toBe(true);
      }),
    );
  });

  it('is never sooner than the jitter and never later than the clamp, whatever the target asks', () => {
    fc.assert(
      fc.property(policies, turns, randoms, fc.double(), (policy, turn, random, asked) => {
        const delay = retryDelay(policy, turn, random, asked);
        const latest = Math.max(2 * scheduledDelay(policy, turn), 3_600_000);
        expect(delay).toBeGreaterThanOrEqual(retryDelay(policy, turn, random, null));
        expect(delay).toBeLessThanOrEqual(Math.ceil(latest));
      }),
    );
  });

  it('grows as the policy says, up to its bound', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((turn) => scheduledDelay(defaultRetryPolicy, turn));
    expect(delays).toEqual([1_000, 4_000, 16_000, 64_000, 256_000, 1_024_000, 3_600_000]);
  });
});
