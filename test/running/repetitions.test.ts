import { describe, expect, it } from 'vitest';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { DataOf } from '../../src/domain/events.ts';
import type { QueueInvocation } from '../../src/domain/invocation/commands.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import type { Cause } from '../../src/running/command-sender.ts';
import { createRepetitions, type RepetitionsDeps } from '../../src/running/repetitions.ts';
import { createOpenParts, partKey } from '../../src/running/replays/open-parts.ts';

const ids = { triggerId: 't', functionId: 'f', arrivalId: 'a' };

/** As it was queued. */
const original: NonNullable<DataOf<'InvocationRetried'>['repeats']> = {
  ...{ functionId: 'f', arrivalId: 'a', triggerVersion: 3, orderingKey: 'o-1' },
  ...{ policy: { ...defaultRetryPolicy, maxAttempts: 2 }, timeoutMs: 2_000 },
  correlationId: 'story',
};
const reaction = {
  type: 'repeat',
  ...{ invocationId: 'new', triggerId: 't', repeats: 'old' },
  original,
} as const;

const trigger = { triggerMetadata: { retry: { maxAttempts: 7 } } } as unknown as TriggerEntry;
const target = { workspace: 'acme', retry: {}, timeoutMs: 9_000 } as unknown as FunctionEntry;

interface Scene {
  readonly trigger?: TriggerEntry | undefined;
  readonly repeats?: Partial<typeof original>;
  /** Invocations of the trigger that are open, and what arrived for them. */
  readonly open?: Readonly<Record<string, string>>;
  readonly isRecorded?: boolean;
}

const repeat = async (scene: Scene = {}, openParts = createOpenParts()) => {
  const known = { trigger, open: {}, isRecorded: true, ...scene };
  const queued: (readonly [QueueInvocation, Cause])[] = [];
  const repetitions = createRepetitions({
    views: {
      registry: {
        triggerById: () => known.trigger,
        functionById: (id: string) => (id === 'f' ? target : undefined),
      },
      queue: { get: (id: string) => ({ arrivalId: (known.open as Scene['open'])?.[id] }) },
      openOf: () => Object.keys(known.open),
    } as unknown as RepetitionsDeps['views'],
    dispatcher: {
      queue: async (command, cause) => {
        queued.push([command, cause]);
        return known.isRecorded ? ({} as never) : undefined;
      },
    },
    openParts,
  });
  await repetitions(
    reaction,
    { ...original, ...scene.repeats },
    { workspace: 'acme', correlationId: 'wish', causationId: 'wished' },
  );
  return { queued: queued[0]?.[0], cause: queued[0]?.[1], count: queued.length, openParts };
};

describe('a repetition', () => {
  it('takes over what it repeats, and is caused by the wish', async () => {
    const { queued, cause, count } = await repeat();
    expect(count).toBe(1);
    expect(queued).toEqual({
      type: 'QueueInvocation',
      ...{ ...ids, invocationId: 'new', triggerVersion: 3, orderingKey: 'o-1' },
      ...{ policy: { ...defaultRetryPolicy, maxAttempts: 7 }, timeoutMs: 9_000 },
      ...{ retryOf: 'old', start: null },
    });
    expect(cause).toEqual({ workspace: 'acme', correlationId: 'story', causationId: 'wished' });
  });

  it('is as patient as was recorded where its trigger is gone, or where it is delivered as then', async () => {
    const patience = { policy: original.policy, timeoutMs: original.timeoutMs };
    const { queued: gone } = await repeat({ trigger: undefined });
    expect(gone).toMatchObject(patience);
    expect(gone).not.toHaveProperty('pinnedTo');
    const { queued: asThen } = await repeat({ repeats: { pinnedTo: 3 } });
    expect(asThen).toMatchObject({ ...patience, pinnedTo: 3 });
  });

  it('goes by the deadline of a function of its own workspace only', async () => {
    const { queued } = await repeat({ repeats: { functionId: 'elsewhere' } });
    expect(queued).toMatchObject({ functionId: 'elsewhere', timeoutMs: 15_000 });
  });
});

describe('what is under way already', () => {
  it('by the log is named in the end of a second one', async () => {
    const { queued, openParts } = await repeat({ open: { elsewhere: 'b', first: 'a' } });
    expect(queued?.cancel).toContain('first');
    expect(openParts.has(partKey('a', 't'))).toBe(false);
  });

  it('because it was asked for just now is, too', async () => {
    const { openParts } = await repeat();
    expect([...openParts.of(partKey('a', 't'))]).toEqual(['new']);
    openParts.begin({ ...ids, invocationId: 'replayed', replayId: 'r' });
    const again = await repeat({}, openParts);
    expect(again.queued?.cancel).toContain('replayed');
  });

  it('is not what it is itself', async () => {
    const { queued } = await repeat({ open: { new: 'a' } });
    expect(queued).not.toHaveProperty('cancel');
  });

  it('is nothing that could not be recorded', async () => {
    const { openParts } = await repeat({ isRecorded: false });
    expect(openParts.has(partKey('a', 't'))).toBe(false);
  });
});
