import { describe, expect, it } from 'vitest';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import { defaultRetryPolicy, defaultTimeoutMs } from '../../src/domain/retry-policy.ts';
import {
  capacityOf,
  concurrencyOf,
  dropsSurplus,
  isOverCapacity,
  patienceOf,
  termsOf,
} from '../../src/routing/invocation-terms.ts';
import { arrived } from '../domain/examples.ts';

const triggerWith = (triggerMetadata: TriggerEntry['triggerMetadata']) =>
  ({ triggerId: 't', triggerMetadata }) as TriggerEntry;
const functionWith = (more: Partial<FunctionEntry>) =>
  ({ functionId: 'f', retry: {}, timeoutMs: 7_000, ...more }) as FunctionEntry;

describe('what a trigger’s metadata does not bound', () => {
  it('has no bound', () => {
    expect(concurrencyOf(triggerWith({}))).toBe(Number.POSITIVE_INFINITY);
    expect(concurrencyOf(triggerWith({ concurrency: 3 }))).toBe(3);
    expect(capacityOf(triggerWith({}))).toBe(Number.POSITIVE_INFINITY);
    expect(capacityOf(triggerWith({ queueCapacity: 5 }))).toBe(5);
  });
});

describe('an event that finds no room', () => {
  it('ends there only where the trigger says so', () => {
    expect(dropsSurplus(triggerWith({ overflow: 'drop' }))).toBe(true);
    expect(dropsSurplus(triggerWith({ overflow: 'keep' }))).toBe(false);
    expect(dropsSurplus(triggerWith({}))).toBe(false);
  });

  it('is over capacity only where it is kept all the same', () => {
    const kept = triggerWith({ overflow: 'keep', queueCapacity: 2 });
    expect([2, 3].map((waiting) => isOverCapacity(kept, waiting))).toEqual([false, true]);
    expect(isOverCapacity(triggerWith({ overflow: 'drop', queueCapacity: 2 }), 3)).toBe(false);
    expect(isOverCapacity(triggerWith({ queueCapacity: 2 }), 3)).toBe(false);
    expect(isOverCapacity(triggerWith({ overflow: 'keep' }), 1e9)).toBe(false);
  });
});

describe('an invocation is tried', () => {
  it('as the trigger says, else as its function says, else as usual', () => {
    const patient = functionWith({ retry: { maxAttempts: 2, multiplier: 3 } });
    const { policy } = patienceOf(triggerWith({ retry: { maxAttempts: 9 } }), patient);
    expect(policy).toEqual({ ...defaultRetryPolicy, maxAttempts: 9, multiplier: 3 });
    expect(patienceOf(triggerWith({}), undefined).policy).toEqual(defaultRetryPolicy);
  });

  it('for as long as the trigger says, else its function, else as usual', () => {
    const brief = triggerWith({ timeoutMs: 50 });
    expect(patienceOf(brief, functionWith({})).timeoutMs).toBe(50);
    expect(patienceOf(triggerWith({}), functionWith({})).timeoutMs).toBe(7_000);
    expect(patienceOf(triggerWith({}), undefined).timeoutMs).toBe(defaultTimeoutMs);
  });

  it('as its function is by now, though its trigger has not changed', () => {
    const trigger = triggerWith({});
    const [before, after] = [functionWith({}), functionWith({ timeoutMs: 9_000 })];
    expect(patienceOf(trigger, before).timeoutMs).toBe(7_000);
    expect(patienceOf(trigger, after).timeoutMs).toBe(9_000);
    expect(patienceOf(trigger, undefined).timeoutMs).toBe(defaultTimeoutMs);
    expect(patienceOf(trigger, before)).toBe(patienceOf(trigger, before));
  });

  it('in the line of its ordering key', () => {
    const body = { encoding: 'utf8', content: '{"user":"ann"}' } as const;
    const trigger = triggerWith({ orderingKey: { pointer: '/user' }, timeoutMs: 50 });
    expect(termsOf(trigger, undefined, { ...arrived.data, body })).toEqual({
      orderingKey: 'ann',
      policy: defaultRetryPolicy,
      timeoutMs: 50,
    });
    expect(termsOf(triggerWith({}), undefined, arrived.data).orderingKey).toBeNull();
  });
});
