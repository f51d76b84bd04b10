import { expect, it } from 'vitest';
import type { TriggerEntry, TriggerStatus } from '../../projections/registry.ts';
import { route } from '../../src/routing/route.ts';
import { triggerKinds } from '../../src/triggers/index.ts';

const routed = (kind: string, status: TriggerStatus) => {
  const trigger = { triggerId: 't1', status } as TriggerEntry;
  const registry = { byKey: () => [trigger], triggerById: () => trigger };
  return route(registry, { workspace: 'acme', source: { kind, key: 'k' } }).map((routing) =>
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
  };
  expect(route(registry, { workspace: 'acme', source: { kind: 'event', key: 'k' } })).toEqual([]);
  expect(asked).toEqual([['acme', 'event', 'k']]);
});

it('what was taken for a trigger goes to that one alone, or to nobody where it is gone', () => {
  const trigger = { triggerId: 't1', status: 'paused' } as TriggerEntry;
  const other = { triggerId: 't2', status: 'active' } as TriggerEntry;
  const acceptedFor = { triggerId: 't1', version: 1 };
  const arrival = { workspace: 'acme', source: { kind: 'webhook', key: 'k' }, acceptedFor };
  const registry = { byKey: () => [other], triggerById: () => trigger };
  expect(route(registry, arrival)).toEqual([{ trigger, fired: true }]);
  expect(route({ ...registry, triggerById: () => undefined }, arrival)).toEqual([
    { triggerId: 't1', fired: false, reason: 'deleted' },
  ]);
});
