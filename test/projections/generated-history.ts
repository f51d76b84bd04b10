import fc from 'fast-check';
import type { Fact } from '../../src/domain/events.ts';
import type { InvocationCommand } from '../../src/domain/invocation/commands.ts';
import { invocation } from '../../src/domain/invocation/decider.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import { instantOf, recorded, type Written } from '../views/history.ts';
import { arrived, failureOf, triggerRegistered } from '../views/stories.ts';

const invocationIds = ['i1', 'i2', 'i3', 'i4'] as const;
const triggerOf = { i1: 't1', i2: 't1', i3: 't2', i4: 't2' } as const;
const workspaceOf = { i1: 'acme', i2: 'acme', i3: 'acme', i4: 'umbrella' } as const;
type InvocationId = keyof typeof triggerOf;

/** A trigger that ticks; its interval changes with every second revision. */
const scheduledId = 't3';

type Step =
  | { readonly kind: 'arrival'; readonly id: string; readonly body: string }
  | { readonly kind: 'trigger'; readonly id: string; readonly does: TriggerDeed }
  | { readonly kind: 'tick'; readonly does: TickDeed }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'invocation'; readonly id: InvocationId; readonly does: InvocationDeed };

const triggerDeeds = ['register', 'pause', 'resume', 'revise', 'retire'] as const;
type TriggerDeed = (typeof triggerDeeds)[number];
const tickDeeds = ['fire', 'miss', 'skip', 'note'] as const;
type TickDeed = (typeof tickDeeds)[number];
const invocationDeeds = [
  'queue',
  'queue-and-start',
  'start',
  'succeed',
  'fail',
  'gone',
  'lose',
  'cancel',
  'retry',
  'abandon',
] as const;
type InvocationDeed = (typeof invocationDeeds)[number];

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('arrival' as const),
      id: fc.constantFrom('a1', 'a2'),
      body: fc.string({ maxLength: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('trigger' as const),
      id: fc.constantFrom('t1', 't2', scheduledId),
      does: fc.constantFrom(...triggerDeeds),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('tick' as const),
      does: fc.constantFrom(...tickDeeds),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unknown' as const) }) },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant('invocation' as const),
      id: fc.constantFrom(...invocationIds),
      does: fc.constantFrom(...invocationDeeds),
    }),
  },
);

const kindOf = (triggerId: string, place: number) =>
  triggerId === scheduledId
    ? { executionType: 'scheduled', triggerMetadata: { interval: 60 + (place % 2) } }
    : {};

const tickFact = (does: TickDeed, place: number): Written['fact'] => {
  const instant = instantOf(place);
  const ids = { triggerId: scheduledId };
  const missed = { ...ids, first: instant, last: instant, count: 1, instants: [] };
  switch (does) {
    case 'fire': {
      const tick = { deliveryId: `${scheduledId}@${instant}`, arrivalId: `tick-${place}` };
      const source = { kind: 'scheduled', key: scheduledId };
      const { data } = arrived(tick.arrivalId).fact;
      return { type: 'EventArrived', data: { ...data, ...tick, source } };
    }
    case 'miss':
      return { type: 'TicksMissed', data: { ...missed, reason: 'paused' } };
    case 'note':
      return { type: 'TicksMissed', data: { ...missed, reason: 'DST-repeat' } };
    case 'skip':
      return { type: 'TickSkipped', data: { ...ids, scheduledAt: instant, reason: 'overlap' } };
  }
};

const triggerFact = (triggerId: string, does: TriggerDeed, place: number): Written['fact'] => {
  switch (does) {
    case 'register':
      return triggerRegistered(triggerId, kindOf(triggerId, place)).fact;
    case 'pause':
      return { type: 'TriggerPaused', data: { triggerId, reason: 'maintenance' } };
    case 'resume':
      return { type: 'TriggerResumed', data: { triggerId } };
    case 'revise': {
      const { isSystem: _, ...definition } = triggerRegistered(triggerId, {
        version: place,
        ...kindOf(triggerId, place),
      }).fact.data as Extract<Fact, { type: 'TriggerRegistered' }>['data'];
      return { type: 'TriggerRevised', data: definition };
    }
    case 'retire':
      return { type: 'TriggerRetired', data: { triggerId } };
  }
};

const claimOf = (invocationId: string, place: number) => ({
  attemptId: `${invocationId}@${place}`,
  claimedBy: 'owner',
  leaseUntil: instantOf(place + 60),
});

const commandOf = (
  invocationId: InvocationId,
  does: InvocationDeed,
  place: number,
  running: { attempt: number; attemptId: string },
): InvocationCommand => {
  const end = { ...running, now: instantOf(place), random: 0.5 };
  const failure = failureOf(`failed at ${place}`);
  const outcome = { ok: false, durationMs: place, failure, retryAfterMs: null } as const;
  switch (does) {
    case 'queue':
    case 'queue-and-start':
      return {
        type: 'QueueInvocation',
        invocationId,
        triggerId: triggerOf[invocationId],
        functionId: 'f1',
        arrivalId: 'a1',
        triggerVersion: 1,
        orderingKey: null,
        policy: { ...defaultRetryPolicy, maxAttempts: 3 },
        timeoutMs: 1_000,
        retryOf: null,
        start: does === 'queue' ? null : claimOf(invocationId, place),
      };
    case 'start':
      return { type: 'StartAttempt', ...claimOf(invocationId, place) };
    case 'succeed':
      return {
        type: 'RecordOutcome',
        ...end,
        outcome: {
          ok: true,
          durationMs: place,
          answer: {
            status: 200,
            contentType: null,
            body: { encoding: 'utf8', content: `done at ${place}` },
            truncated: false,
          },
        },
      };
    case 'fail':
      return { type: 'RecordOutcome', ...end, outcome };
    case 'gone':
      return {
        type: 'RecordOutcome',
        ...end,
        outcome: { ...outcome, failure: { ...failure, kind: 'gone', status: 410 } },
      };
    case 'lose':
      return { type: 'LoseAttempt', ...end };
    case 'cancel':
      return { type: 'CancelInvocation', reason: 'by hand' };
    case 'retry':
      return { type: 'RetryInvocation' };
    case 'abandon':
      return { type: 'AbandonInvocation', reason: 'function-not-found', failure };
  }
};

/** What the real decider makes of the commands; those it refuses leave nothing behind. */
const writtenBy = (steps: readonly Step[]): Written[] => {
  const states = new Map(invocationIds.map((id) => [id, invocation.initialState]));
  const decided = (id: InvocationId, does: InvocationDeed, place: number): readonly Fact[] => {
    const state = states.get(id) ?? invocation.initialState;
    const { attempt, attemptId } = state.context;
    try {
      const command = commandOf(id, does, place, { attempt, attemptId: attemptId ?? '' });
      const facts = invocation.decide(command, state);
      states.set(id, facts.reduce(invocation.evolve, state));
      return facts;
    } catch {
      return [];
    }
  };
  const written = (step: Step, place: number): readonly Written[] => {
    switch (step.kind) {
      case 'arrival':
        return [arrived(step.id, step.body)];
      case 'trigger':
        return [{ stream: `trigger-${step.id}`, fact: triggerFact(step.id, step.does, place) }];
      case 'tick':
        return [{ stream: `arrival-tick-${place}`, fact: tickFact(step.does, place) }];
      case 'unknown':
        return [{ stream: 'later-1', fact: { type: 'FromTheFuture', data: {} } }];
      case 'invocation': {
        const metadata = { workspace: workspaceOf[step.id] };
        const stream = `invocation-${step.id}`;
        return decided(step.id, step.does, place).map((fact) => ({ stream, fact, metadata }));
      }
    }
  };
  return steps.flatMap((step, place) =>
    written(step, place).map((one) => ({
      ...one,
      metadata: {
        actor: place % 3 === 0 ? 'user:ada' : 'system:dispatcher',
        $correlationId: `story-${place % 5}`,
        // Clocks of several writers are never quite together.
        occurredAt: instantOf(place + ((place * 7) % 3)),
        ...one.metadata,
      },
    })),
  );
};

/** Logs as this product writes them: two workspaces, every fact of an invocation, clocks that differ. */
export const historyArbitrary = (
  maxSteps = 120,
  minSteps = 1,
): fc.Arbitrary<readonly StoredEvent[]> =>
  fc
    .array(stepArbitrary, { minLength: minSteps, maxLength: maxSteps })
    .map((steps) => recorded(writtenBy(steps)));
