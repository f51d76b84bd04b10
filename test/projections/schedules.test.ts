import { describe, expect, it } from 'vitest';
import { schedules } from '../../projections/schedules.ts';
import type { Fact } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { instantOf, recorded, type Written } from '../views/history.ts';
import { arrived, triggerRegistered } from '../views/stories.ts';
import { folded } from './folding.ts';

const every = (interval: number) => ({
  executionType: 'scheduled',
  triggerMetadata: { interval, overlap: 'queue' },
});
const registered = triggerRegistered('t', every(1));
const onTrigger = (fact: Written['fact']): Written => ({ stream: 'trigger-t', fact });
const revised = (interval: number, more: object = {}) => {
  const { isSystem: _, ...data } = registered.fact.data as { isSystem: boolean };
  const triggerMetadata = { ...every(interval).triggerMetadata, ...more };
  return onTrigger({ type: 'TriggerRevised', data: { ...data, version: 2, triggerMetadata } });
};
const paused = onTrigger({ type: 'TriggerPaused', data: { triggerId: 't', reason: 'test' } });
const resumed = onTrigger({ type: 'TriggerResumed', data: { triggerId: 't' } });
const retired = onTrigger({ type: 'TriggerRetired', data: { triggerId: 't' } });
const skipped = (place: number): Written => ({
  stream: `arrival-${place}`,
  fact: {
    type: 'TickSkipped',
    data: { triggerId: 't', scheduledAt: instantOf(place), reason: 'overlap' },
  },
});

const arrivedFor = (kind: string, place: number): Written => {
  const { data } = arrived(`a${place}`).fact as Fact<'EventArrived'>;
  const deliveryId = `t@${instantOf(place)}`;
  const fact = { type: 'EventArrived', data: { ...data, deliveryId, source: { kind, key: 't' } } };
  return { stream: `arrival-${place}`, fact };
};
const missed = (place: number, reason: string): Written => {
  const [first, last] = [instantOf(place - 1), instantOf(place)];
  const data = { triggerId: 't', reason, first, last, count: 2, instants: [] };
  return { stream: `arrival-${place}`, fact: { type: 'TicksMissed', data } };
};

const stretchesAfter = (...written: Written[]) => {
  const events: readonly StoredEvent[] = recorded(written);
  return folded(schedules, events).documents['t']?.stretches;
};

describe('the schedules view', () => {
  it('begins a plan where the trigger was registered', () => {
    expect(stretchesAfter(registered)).toEqual([
      {
        timing: { interval: 1 },
        anchor: instantOf(1),
        status: 'active',
        until: null,
        lastInstant: null,
      },
    ]);
  });

  it('knows nothing of triggers that do not tick, nor of deleted ones', () => {
    expect(folded(schedules, recorded([triggerRegistered('t')])).documents).toEqual({});
    expect(stretchesAfter(registered, retired)).toBeUndefined();
  });

  it('begins a new plan with a new timing, and with nothing else', () => {
    expect(stretchesAfter(registered, revised(2))).toMatchObject([
      { anchor: instantOf(1), until: instantOf(2) },
      { anchor: instantOf(2), timing: { interval: 2 }, until: null },
    ]);
    expect(stretchesAfter(registered, revised(1, { overlap: 'skip' }))).toHaveLength(1);
  });

  it('keeps what was paused until that is accounted for', () => {
    expect(stretchesAfter(registered, paused, resumed)).toMatchObject([
      { status: 'active', until: instantOf(2) },
      { status: 'paused', until: instantOf(3) },
      { status: 'active', until: null, anchor: instantOf(1) },
    ]);
    expect(stretchesAfter(registered, paused, resumed, skipped(3))).toMatchObject([
      { status: 'paused', lastInstant: instantOf(3) },
      { status: 'active' },
    ]);
    expect(stretchesAfter(registered, paused, resumed, skipped(4))).toMatchObject([
      { status: 'active', lastInstant: instantOf(4) },
    ]);
  });

  it('counts a tick that fired, and no other arrival', () => {
    const [present] = stretchesAfter(registered, arrivedFor('scheduled', 7)) ?? [];
    expect(present?.lastInstant).toBe(instantOf(7));
    const [untouched] = stretchesAfter(registered, arrivedFor('webhook', 7)) ?? [];
    expect(untouched?.lastInstant).toBeNull();
  });

  it('counts ticks that were missed up to the last of them, but not times that never were', () => {
    const lastAfter = (reason: string) =>
      stretchesAfter(registered, missed(7, reason))?.at(-1)?.lastInstant;
    expect(['missed', 'paused'].map(lastAfter)).toEqual([instantOf(7), instantOf(7)]);
    expect(['DST-gap', 'DST-repeat'].map(lastAfter)).toEqual([null, null]);
  });

  it('has nothing to revise, to pause or to count for a trigger that does not tick', () => {
    const webhook = triggerRegistered('t');
    for (const event of [revised(2), paused, resumed, skipped(4), arrivedFor('scheduled', 4)]) {
      expect(stretchesAfter(webhook, event)).toBeUndefined();
    }
  });

  it('never goes back, and never grows for ever', () => {
    expect(stretchesAfter(registered, skipped(9), skipped(5))).toMatchObject([
      { lastInstant: instantOf(9) },
    ]);
    const restless = Array.from({ length: 100 }, () => [paused, resumed]).flat();
    expect(stretchesAfter(registered, ...restless)).toHaveLength(16);
  });
});
