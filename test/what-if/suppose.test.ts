import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TriggerEntry, TriggerStatus } from '../../projections/registry.ts';
import { createRegistryIndex } from '../../src/routing/registry-index.ts';
import { route } from '../../src/routing/route.ts';
import { busEventKey } from '../../src/triggers/bus-index.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { suppose } from '../../src/what-if/suppose.ts';
import { routable } from '../routing/routable.ts';

const triggerOf = (
  triggerId: string,
  executionType: string,
  triggerMetadata: object,
  status: TriggerStatus = 'active',
) =>
  ({
    ...{ entity: 'trigger', workspace: 'acme', name: triggerId, version: 1, functionId: 'f' },
    ...{ triggerId, executionType, triggerMetadata, status },
  }) as unknown as TriggerEntry;

const segment = fc.constantFrom('a', 'b', '*', '**');
const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('.'));
const topic = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
  .map((all) => all.join('.'));
const path = fc.constantFrom('a', 'a/b', '/a', 'c');
const eventType = fc.constantFrom('paid', 'sent');
const source = fc.option(fc.constantFrom('shop', 'till'));
const ids = fc.constantFrom('t0', 't1', 'supposed');

/** What bodies have as `k`, and what some want there. */
const k = fc.constantFrom('x', 'y');
const filtered = fc.option(
  k.chain((wanted) =>
    fc.constantFrom(
      { eventfilter: { payload: { k: [wanted] } } },
      { eventbridge: { payload: { k: [wanted] } } },
      { jsonpath: `$.payload.k[?@ == '${wanted}']` },
      { jsonpath: `$.payload[?@ == '${wanted}']` },
    ),
  ),
);

const unfiltered = fc.oneof(
  path.map((of) => ['webhook', { path: of }] as const),
  pattern.map((of) => ['message', { topic: of }] as const),
  fc.tuple(eventType, source).map(([type, from]) => {
    const eventSource = from === null ? {} : { eventSource: from };
    return ['event', { eventType: type, ...eventSource }] as const;
  }),
  fc.constant(['event-driven', { event: 'record_created', recordSlug: 'orders' }] as const),
  fc.constant(['on-demand', {}] as const),
  fc.constant(['scheduled', { interval: 60 }] as const),
);
const definition = fc.tuple(unfiltered, filtered).map(([[kind, config], filter]) => {
  const takesNone = kind === 'on-demand' || kind === 'scheduled' || filter === null;
  return [kind, takesNone ? config : { ...config, filter }] as const;
});
const status = fc.constantFrom<TriggerStatus>('active', 'paused', 'suspended');
const others = fc.array(fc.tuple(definition, status), { maxLength: 8 });
const arrival = fc.oneof(
  path.map((key) => ({ kind: 'webhook', key })),
  topic.map((key) => ({ kind: 'message', key })),
  fc
    .tuple(eventType, source)
    .map(([type, from]) => ({ kind: 'event', key: busEventKey(type, from) })),
  fc.constantFrom('record_created/orders', 'record_deleted/orders').map((key) => ({
    ...{ kind: 'event-driven', key },
  })),
  ids.map((key) => ({ kind: 'on-demand', key })),
  ids.map((key) => ({ kind: 'scheduled', key })),
);

it('agrees with routing, whatever else is registered and whatever state it is in itself', () => {
  let fired = 0;
  fc.assert(
    fc.property(
      others,
      definition,
      status,
      fc.array(fc.tuple(arrival, k)),
      (all, [kind, config], own, came) => {
        const registry = createRegistryIndex(triggerKinds);
        all.forEach(([[otherKind, metadata], state], n) => {
          registry.changed(undefined, triggerOf(`t${n}`, otherKind, metadata, state));
        });
        registry.changed(undefined, triggerOf('supposed', kind, config));
        const { fires } = suppose(triggerOf('supposed', kind, config, own), triggerKinds);
        for (const [source, text] of came) {
          const at = routable({ source, body: Buffer.from(JSON.stringify({ k: text })) });
          const routings = route(registry, at);
          const isRouted = routings.some(
            (routing) => routing.fired && routing.trigger.triggerId === 'supposed',
          );
          expect(fires(at)).toBe(isRouted);
          if (isRouted) fired += 1;
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(fired).toBeGreaterThan(60);
});
