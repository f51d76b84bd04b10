import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/domain/events.ts';
import type { Failure } from '../../../src/domain/facts/failure.ts';
import { retryIdOf } from '../../../src/domain/ids.ts';
import type { InvocationCommand } from '../../../src/domain/invocation/commands.ts';
import { invocation } from '../../../src/domain/invocation/decider.ts';
import {
  answer,
  cancelled,
  deadLettered,
  failed,
  interrupted,
  lost,
  now,
  queued,
  retried,
  shutdown,
  started,
  succeeded,
  timeout,
} from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(invocation);

const claim = { attemptId: 'attempt-1', claimedBy: 'owner-1', leaseUntil: now };
const claim2 = { ...claim, attemptId: 'attempt-2' };
const queue = { type: 'QueueInvocation', ...queued.data } as const;
const end = { attempt: 1, attemptId: 'attempt-1', now, random: 0.5 };
const later = (ms: number) => new Date(Date.parse(now) + ms).toISOString();

const succeed: InvocationCommand = {
  type: 'RecordOutcome',
  ...end,
  outcome: { ok: true, durationMs: 5, answer },
};
const fail = (
  failure: Partial<Failure> = {},
  retryAfterMs: number | null = null,
): InvocationCommand => ({
  type: 'RecordOutcome',
  ...end,
  outcome: { ok: false, durationMs: 5, failure: { ...timeout, ...failure }, retryAfterMs },
});
const status = (code: number) => fail({ kind: 'status', status: code });

const only = (maxAttempts: number) => ({
  ...queued,
  data: { ...queued.data, policy: { ...queued.data.policy, maxAttempts } },
});
const death = (
  reason: 'gone' | 'not-retryable' | 'function-not-found',
  failure: Partial<Failure>,
) => ({
  ...deadLettered,
  data: { ...deadLettered.data, reason, failure: { ...timeout, ...failure } },
});

describe('queueing', () => {
  it('records the invocation, and its start where a slot is free', () => {
    given()
      .when({ ...queue, start: null })
      .expect(queued);
    given()
      .when({ ...queue, start: claim })
      .expect(queued, started);
  });

  it('ends at once where there is no room, in the same breath', () => {
    given()
      .when({ type: 'QueueInvocation', ...queued.data, start: null, cancel: 'no room' })
      .expect(queued, {
        type: 'InvocationCancelled',
        data: { ...cancelled.data, attempt: 0, reason: 'no room' },
      });
  });

  it('happens once', () => {
    given(queued)
      .when({ ...queue, start: claim })
      .expect();
    given(queued, started, succeeded)
      .when({ ...queue, start: null })
      .expect();
  });
});

describe('an attempt', () => {
  it('starts from the queue and after a wait, numbered in turn', () => {
    given(queued)
      .when({ type: 'StartAttempt', ...claim })
      .expect(started);
    given(queued, started, failed)
      .when({ type: 'StartAttempt', ...claim2 })
      .expect({ ...started, data: { ...started.data, ...claim2, attempt: 2 } });
  });

  it('starts once per claim, and never beside another', () => {
    given(queued, started)
      .when({ type: 'StartAttempt', ...claim })
      .expect();
    given(queued, started)
      .when({ type: 'StartAttempt', ...claim2 })
      .refused('illegal-transition');
    given(queued, cancelled)
      .when({ type: 'StartAttempt', ...claim })
      .refused('illegal-transition');
    given()
      .when({ type: 'StartAttempt', ...claim })
      .refused('not-found');
  });

  it('that is over is not the one that starts under its id', () => {
    given(queued, started, failed)
      .when({ type: 'StartAttempt', ...claim })
      .expect({ ...started, data: { ...started.data, attempt: 2 } });
  });

  it('succeeds', () => {
    given(queued, started).when(succeed).expect(succeeded);
  });

  it('fails with a time for the next one', () => {
    const retryAt = later(500);
    given(queued, started)
      .when(fail())
      .expect({ ...failed, data: { ...failed.data, retryAt } });
  });

  it('has no result any more once it is lost, over or another’s', () => {
    given(queued, started, lost).when(succeed).expect();
    given(queued, started, cancelled).when(succeed).expect();
    given(queued, started, succeeded).when(fail()).expect();
    given(queued).when(succeed).expect();
    given().when(succeed).expect();
    const foreign = { ...succeed, attemptId: 'attempt-9' };
    given(queued, started).when(foreign).expect();
    given(queued, started)
      .when({ ...succeed, attempt: 2 })
      .expect();
  });
});

describe('a failure', () => {
  it.each([
    ['timeout', null],
    ['connection', null],
    ['dns', null],
    ['tls', null],
    ['protocol', null],
    ['response-too-large', null],
    ['status', 500],
    ['status', 503],
    ['status', 599],
    ['status', 299],
    ['status', null],
    ['status', 408],
    ['status', 425],
    ['status', 429],
  ] as const)('of kind %s %s is worth another attempt', (kind, code) => {
    const [fact] = given(queued, started)
      .when(fail({ kind, status: code }))
      .decided();
    expect(fact?.type).toBe('InvocationFailed');
  });

  it.each([
    ['status', 400],
    ['status', 404],
    ['status', 422],
    ['status', 499],
    ['status', 300],
    ['status', 301],
    ['status', 399],
    ['redirect', 302],
    ['blocked-address', null],
    ['secret-unreadable', null],
  ] as const)('of kind %s %s is final', (kind, code) => {
    given(queued, started)
      .when(fail({ kind, status: code }))
      .expect(death('not-retryable', { kind, status: code }));
  });

  it('of a 4xx that the policy lists is worth another attempt', () => {
    const policy = { ...queued.data.policy, retryStatuses: [400, 404] };
    const listed = { ...queued, data: { ...queued.data, policy } };
    for (const code of [400, 404]) {
      expect(given(listed, started).when(status(code)).decided()[0]?.type).toBe('InvocationFailed');
    }
    expect(given(listed, started).when(status(429)).decided()[0]?.type).toBe(
      'InvocationDeadLettered',
    );
  });

  it('that says gone ends it as gone, whatever the policy lists', () => {
    const policy = { ...queued.data.policy, retryStatuses: [410] };
    given({ ...queued, data: { ...queued.data, policy } }, started)
      .when(status(410))
      .expect(death('gone', { kind: 'status', status: 410 }));
    given(queued, started)
      .when(fail({ kind: 'gone', status: 410 }))
      .expect(death('gone', { kind: 'gone', status: 410 }));
  });

  it('for want of the function ends it with that reason', () => {
    const kind = 'function-not-found';
    given(queued, started).when(fail({ kind })).expect(death(kind, { kind }));
  });

  it('of the last attempt ends it', () => {
    given(only(1), started).when(fail()).expect(deadLettered);
    expect(given(only(2), started).when(fail()).decided()[0]?.type).toBe('InvocationFailed');
  });

  it('by a shutdown is repeated at once and uses no attempt up', () => {
    given(only(1), started)
      .when(fail(shutdown))
      .expect({ ...interrupted, data: { ...interrupted.data, retryAt: now } });
    const again = { ...started, data: { ...started.data, ...claim2, attempt: 2 } };
    const second = { ...fail(), attempt: 2, attemptId: 'attempt-2' } as InvocationCommand;
    given(only(1), started, interrupted, again)
      .when(second)
      .expect({ ...deadLettered, data: { ...deadLettered.data, attempt: 2 } });
  });

  it('counts towards the limit, and so does a lost attempt; one cut short does not', () => {
    const again = { ...started, data: { ...started.data, ...claim2, attempt: 2 } };
    const second = { ...fail(), attempt: 2, attemptId: 'attempt-2' } as InvocationCommand;
    const outcomeAfter = (first: Fact, limit: number) =>
      given(only(limit), started, first, again).when(second).decided().at(-1)?.type;
    for (const counted of [failed, lost]) {
      expect(outcomeAfter(counted, 2)).toBe('InvocationDeadLettered');
      expect(outcomeAfter(counted, 3)).toBe('InvocationFailed');
    }
    expect(outcomeAfter(interrupted, 1)).toBe('InvocationDeadLettered');
    expect(outcomeAfter(interrupted, 2)).toBe('InvocationFailed');
  });

  it('waits as long as the target asks, within bounds', () => {
    const retryAt = (retryAfterMs: number | null) => {
      const [fact] = given(queued, started).when(fail({}, retryAfterMs)).decided();
      return fact?.type === 'InvocationFailed' ? fact.data.retryAt : undefined;
    };
    expect(retryAt(30_000)).toBe(later(30_000));
    expect(retryAt(1)).toBe(later(500));
    expect(retryAt(1e12)).toBe(later(3_600_000));
    const slow = { ...queued.data.policy, initialDelayMs: 5_000_000, maxDelayMs: 5_000_000 };
    const [slowly] = given({ ...queued, data: { ...queued.data, policy: slow } }, started)
      .when(fail({}, 1e12))
      .decided();
    expect(slowly).toMatchObject({ data: { retryAt: later(10_000_000) } });
    for (const nonsense of [Number.NaN, -5, Number.POSITIVE_INFINITY, null]) {
      expect(retryAt(nonsense)).toBe(later(500));
    }
  });
});

describe('losing an attempt', () => {
  const lose: InvocationCommand = { type: 'LoseAttempt', ...end };

  it('leads to the next one while attempts remain', () => {
    given(queued, started)
      .when(lose)
      .expect({ ...lost, data: { ...lost.data, retryAt: later(500) } });
  });

  it('ends the invocation in the same breath when none is left', () => {
    const failure = {
      kind: 'lost',
      message: 'the process that ran the attempt is gone; the target may have been called',
      status: null,
      body: null,
    } as const;
    given(only(1), started)
      .when(lose)
      .expect(lost, {
        ...deadLettered,
        data: { ...deadLettered.data, reason: 'attempt-lost', durationMs: null, failure },
      });
  });

  it('means nothing for what does not run or is another’s', () => {
    given(queued, started, failed).when(lose).expect();
    given(queued, started)
      .when({ ...lose, attemptId: 'attempt-9' })
      .expect();
  });
});

describe('abandoning', () => {
  const failure = { ...timeout, kind: 'function-not-found' } as const;
  const abandon = { type: 'AbandonInvocation', reason: 'function-not-found', failure } as const;

  it('ends what waits, and nothing that has ended', () => {
    const { data } = deadLettered;
    const ends = { durationMs: null, reason: 'function-not-found', failure } as const;
    given(queued)
      .when(abandon)
      .expect({ ...deadLettered, data: { ...data, ...ends, attempt: 0 } });
    given(queued, started, failed)
      .when(abandon)
      .expect({ ...deadLettered, data: { ...data, ...ends } });
    given(queued, started, succeeded).when(abandon).expect();
    given().when(abandon).refused('not-found');
  });
});

describe('cancelling', () => {
  const cancel = { type: 'CancelInvocation', reason: 'by hand' } as const;

  it('ends what has not ended, once', () => {
    given(queued)
      .when(cancel)
      .expect({ ...cancelled, data: { ...cancelled.data, attempt: 0 } });
    given(queued, started).when(cancel).expect(cancelled);
    given(queued, started, failed).when(cancel).expect(cancelled);
    given(queued, cancelled).when(cancel).expect();
  });

  it('comes too late for another outcome', () => {
    given(queued, started, succeeded).when(cancel).refused('illegal-transition');
    given(queued, started, deadLettered).when(cancel).refused('illegal-transition');
    given().when(cancel).refused('not-found');
  });
});

describe('retrying by hand', () => {
  const retry = { type: 'RetryInvocation' } as const;
  const as = (ordinal: number) => ({
    ...retried,
    data: { ...retried.data, retriedAs: retryIdOf('invocation-1', ordinal) },
  });

  it('names a new invocation each time, and keeps the outcome', () => {
    given(queued, started, deadLettered).when(retry).expect(as(1));
    given(queued, started, succeeded).when(retry).expect(as(1));
    given(queued, cancelled, retried).when(retry).expect(as(2));
  });

  it('is refused while the invocation has not ended', () => {
    given(queued).when(retry).refused('conflict');
    given(queued, started).when(retry).refused('conflict');
    given(queued, started, failed).when(retry).refused('conflict');
    given().when(retry).refused('not-found');
  });
});
