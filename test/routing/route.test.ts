import { describe, expect, it } from 'vitest';
import type { TriggerEntry, TriggerStatus } from '../../projections/registry.ts';
import { type Routable, route } from '../../src/routing/route.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { routable } from './routable.ts';

const originOf = () => ({ source: 'of-source', type: 'of-type' });

const triggerOf = (triggerId: string, status: TriggerStatus, metadata = {}) =>
  ({ triggerId, status, triggerMetadata: metadata }) as unknown as TriggerEntry;

const routed = (kind: string, status: TriggerStatus) => {
  const trigger = triggerOf('t1', status);
  const registry = { byKey: () => [trigger], triggerById: () => trigger, originOf };
  return route(registry, routable({ source: { kind, key: 'k' } })).map((routing) =>
    routing.fired ? { fired: true } : { fired: false, reason: routing.reason },
  );
};

it.each([...triggerKinds.keys()])('an active trigger takes every arrival: %s', (kind) => {
  expect(routed(kind, 'active')).toEqual([{ fired: true }]);
});

it.each(['webhook', 'on-demand'])('what its sender was promised is never dropped: %s', (kind) => {
  expect(routed(kind, 'paused')).toEqual([{ fired: true }]);
  expect(routed(kind, 'suspended')).toEqual([{ fired: true }]);
});

it.each(['event', 'message', 'event-driven', 'scheduled'])(
  'what was sent to nobody in particular passes a trigger that does not run, with the reason: %s',
  (kind) => {
    expect(routed(kind, 'paused')).toEqual([{ fired: false, reason: 'paused' }]);
    expect(routed(kind, 'suspended')).toEqual([{ fired: false, reason: 'suspended' }]);
  },
);

it('asks for the triggers of the workspace, the kind and the key of the arrival', () => {
  const asked: unknown[] = [];
  const registry = {
    byKey: (...parts: unknown[]) => {
      asked.push(parts);
      return [];
    },
    triggerById: () => undefined,
    originOf,
  };
  expect(route(registry, routable({ source: { kind: 'event', key: 'k' } }))).toEqual([]);
  expect(asked).toEqual([['acme', 'event', 'k']]);
});

it('what was taken for a trigger goes to that one alone, or to nobody where it is gone', () => {
  const trigger = triggerOf('t1', 'paused');
  const other = triggerOf('t2', 'active');
  const acceptedFor = { triggerId: 't1', version: 1 };
  const arrival = routable({ source: { kind: 'webhook', key: 'k' }, acceptedFor });
  const registry = { byKey: () => [other], triggerById: () => trigger, originOf };
  expect(route(registry, arrival)).toEqual([{ trigger, fired: true }]);
  expect(route({ ...registry, triggerById: () => undefined }, arrival)).toEqual([
    { triggerId: 't1', fired: false, reason: 'deleted' },
  ]);
});

describe('a filter', () => {
  const openedOnly = { filter: { eventfilter: { payload: { action: ['opened'] } } } };
  const arrival = (body: string | undefined, more: Partial<Routable> = {}) =>
    routable({
      source: { kind: 'event', key: 'k' },
      bodyOf: () => (body === undefined ? undefined : Buffer.from(body)),
      ...more,
    });
  const firedFor = (triggers: readonly TriggerEntry[], of: Routable) =>
    route({ byKey: () => triggers, triggerById: () => triggers[0], originOf }, of);
  const opened = JSON.stringify({ action: 'opened' });

  it('lets its trigger be concerned only by what it matches, whatever the others want', () => {
    const filtered = triggerOf('t1', 'active', openedOnly);
    const other = triggerOf('t2', 'active');
    const both = [filtered, other];
    expect(firedFor(both, arrival(opened))).toHaveLength(2);
    for (const body of ['{"action":"closed"}', '{}', 'no JSON', '', undefined])
      expect(firedFor(both, arrival(body))).toEqual([{ trigger: other, fired: true }]);
  });

  it('comes before the question whether the trigger runs, and whom it was promised to', () => {
    const halted = triggerOf('t1', 'paused', openedOnly);
    expect(firedFor([halted], arrival('{}'))).toEqual([]);
    expect(firedFor([halted], arrival(opened))).toEqual([
      { triggerId: 't1', fired: false, reason: 'paused' },
    ]);
    const acceptedFor = { triggerId: 't1', version: 1 };
    expect(firedFor([halted], arrival('{}', { acceptedFor }))).toEqual([]);
    expect(firedFor([halted], arrival(opened, { acceptedFor }))).toHaveLength(1);
  });

  it('has the body read once for all of them, and never where there is none', () => {
    let asked = 0;
    const bodyOf = () => {
      asked += 1;
      return Buffer.from(opened);
    };
    firedFor([triggerOf('t1', 'active')], arrival('', { bodyOf }));
    expect(asked).toBe(0);
    const two = ['t1', 't2'].map((id) => triggerOf(id, 'active', openedOnly));
    expect(firedFor(two, arrival('', { bodyOf }))).toHaveLength(2);
    expect(asked).toBe(1);
  });

  it('sees headers, query and where the event came from', () => {
    const request = {
      ...{ method: 'POST', path: 'k', remote: '', query: { a: ['1', '2'] } },
      headers: { 'x-event': 'push' },
    };
    const of = arrival(undefined, { request });
    const matches = (filter: object) => firedFor([triggerOf('t', 'active', { filter })], of).length;
    expect(matches({ eventfilter: { headers: { 'x-event': ['push'] } } })).toBe(1);
    expect(matches({ eventbridge: { query: { a: ['2'] } } })).toBe(1);
    expect(matches({ cesql: "type = 'of-type' AND source = 'of-source'" })).toBe(1);
    expect(matches({ cesql: "id = 'arrival-1' AND specversion = '1.0'" })).toBe(1);
    expect(matches({ cesql: "type = 'other'" })).toBe(0);
  });

  it.each([{ tongues: 1 }, { cesql: 7 }, {}])(
    'nobody can read lets nothing through: %j',
    (filter) => {
      expect(firedFor([triggerOf('t', 'active', { filter })], arrival(opened))).toEqual([]);
    },
  );
});
