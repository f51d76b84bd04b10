import type { TriggerEntry } from '../projections/registry.ts';
import { createRegistryIndex } from '../src/routing/registry-index.ts';
import { type Routable, route } from '../src/routing/route.ts';
import { triggerKinds } from '../src/triggers/index.ts';
import { medianOf } from './percentiles.ts';

const entryOf = (n: number): TriggerEntry => ({
  entity: 'trigger',
  workspace: 'default',
  name: `trigger-${n}`,
  description: null,
  version: 1,
  revision: 0,
  createdBy: 'user:bench',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'user:bench',
  updatedAt: '2026-01-01T00:00:00.000Z',
  triggerId: `id-${n}`,
  functionId: 'id-of-a-function',
  executionType: 'webhook',
  triggerMetadata: { path: `/path/${n}` },
  isSystem: false,
  status: 'active',
  reason: null,
});

/** Microseconds per call, the median of twenty rounds; each call answers how many it found: one. */
const microsecondsOf = (used: number, find: (key: string) => number): number => {
  const times: number[] = [];
  let matched = 0;
  for (let round = 0; round < 20; round += 1) {
    const at = performance.now();
    for (let n = 0; n < 10_000; n += 1) matched += find(`path/${(n * 7_919) % used}`);
    times.push((performance.now() - at) / 10);
  }
  if (matched !== 200_000) throw new Error(`${matched} matches where there should be 200 000`);
  return medianOf(times);
};

const arrivalAt = (key: string): Routable => ({
  ...{ workspace: 'default', arrivalId: 'a', source: { kind: 'webhook', key } },
  ...{ request: null, bodyOf: () => undefined },
});

/**
 * Microseconds that the routing function alone takes for an event, among so many triggers of which
 * `used` get all the events: with many in use, what is measured is also the processor's caches.
 */
export const routingCost = (triggers: number, used: number): number => {
  const registry = createRegistryIndex(triggerKinds);
  for (let n = 0; n < triggers; n += 1) registry.changed(undefined, entryOf(n));
  return microsecondsOf(used, (key) => route(registry, arrivalAt(key)).length);
};

/** What there is to beat: one lookup in a bare map of as many triggers, and a look at the trigger. */
export const lookupCost = (triggers: number): number => {
  const entries = new Map<string, TriggerEntry>();
  for (let n = 0; n < triggers; n += 1) entries.set(`path/${n}`, entryOf(n));
  return microsecondsOf(triggers, (key) => (entries.get(key)?.status === 'active' ? 1 : 0));
};
