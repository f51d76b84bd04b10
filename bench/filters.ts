import type { TriggerEntry } from '../projections/registry.ts';
import { createRegistryIndex } from '../src/routing/registry-index.ts';
import { type Routable, route } from '../src/routing/route.ts';
import { triggerKinds } from '../src/triggers/index.ts';
import type { Part } from './part.ts';
import { percentilesOf } from './percentiles.ts';

const rounds = 300;

/** All of one event; one in so many of them wants it. */
const filterOf: Readonly<Record<string, (n: number) => unknown>> = {
  eventfilter: (n) => ({ payload: { data: { customer: [`customer-${n}`] } } }),
  eventbridge: (n) => ({ payload: { data: { customer: [{ prefix: `customer-${n}` }] } } }),
  jsonpath: (n) => `$.payload.data.customer[?@ == 'customer-${n}']`,
  cesql: (n) => `type = 'paid' AND source = 'shop-${n}'`,
};

const body = Buffer.from(
  JSON.stringify({
    ...{ event_type: 'paid', event_id: '1', source: 'shop-7' },
    data: { customer: 'customer-7', note: 'x'.repeat(800) },
  }),
);
const arrival: Routable = {
  ...{ workspace: 'default', arrivalId: '1', request: null, bodyOf: () => body },
  source: { kind: 'event', key: '["paid","shop-7"]' },
};

const timed = (task: () => unknown): number => {
  const at = performance.now();
  task();
  return performance.now() - at;
};

const cost = (language: string, triggers: number) => {
  const registry = createRegistryIndex(triggerKinds);
  for (let n = 0; n < triggers; n += 1) {
    const filter = { [language]: filterOf[language]?.(n) };
    const entry = { entity: 'trigger', workspace: 'default', triggerId: `t${n}`, status: 'active' };
    const metadata = { eventType: 'paid', filter };
    registry.changed(undefined, {
      ...{ ...entry, executionType: 'event', triggerMetadata: metadata },
    } as unknown as TriggerEntry);
  }
  const first = timed(() => route(registry, arrival));
  const times = Array.from({ length: rounds }, () => timed(() => route(registry, arrival)));
  return { 'first event ms': first, 'p50 ms': percentilesOf(times).p50 };
};

/** What an event costs that many triggers listen for, each with a filter of its own. */
export const filters: Part = {
  name: 'filters',
  title: 'Routing one event to 1 000 triggers, each with another filter',
  aim: 'at most 3 ms for 1 000',
  run: async () =>
    Object.keys(filterOf).map((language) => ({ what: language, ...cost(language, 1_000) })),
};
