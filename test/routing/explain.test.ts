import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TriggerEntry, TriggerStatus } from '../../projections/registry.ts';
import { judging, nearest, type Verdict } from '../../src/routing/explain.ts';
import { createRegistryIndex } from '../../src/routing/registry-index.ts';
import { type Routing, route } from '../../src/routing/route.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { routable } from './routable.ts';

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

const registryOf = (triggers: readonly TriggerEntry[]) => {
  const registry = createRegistryIndex(triggerKinds);
  for (const trigger of triggers) registry.changed(undefined, trigger);
  return registry;
};

const paths = fc.constantFrom('a', 'a/b', 'c');
const statuses = fc.constantFrom<TriggerStatus>('active', 'paused', 'suspended');
const filters = fc.constantFrom(
  {},
  { filter: { eventfilter: { payload: { k: ['x'] } } } },
  { filter: { jsonpath: "$.payload[?@ == 'y']" } },
);
const definitions = fc.oneof(
  fc.tuple(paths, filters).map(([path, more]) => ['webhook', { path, ...more }] as const),
  fc.tuple(paths, filters).map(([topic, more]) => ['message', { topic, ...more }] as const),
  fc.constant(['on-demand', {}] as const),
);
const triggers = fc
  .array(fc.tuple(definitions, statuses), { maxLength: 12 })
  .map((all) =>
    all.map(([[kind, metadata], status], n) => triggerOf(`t${n}`, kind, metadata, status)),
  );
const arrivals = fc.record({
  source: fc.oneof(
    paths.map((key) => ({ kind: 'webhook', key })),
    paths.map((key) => ({ kind: 'message', key })),
    fc.nat(12).map((n) => ({ kind: 'on-demand', key: `t${n}` })),
  ),
  promised: fc.option(fc.nat(12)),
  body: fc.constantFrom('{"k":"x"}', '{"k":"y"}', 'none'),
});

/** Of which routing has nothing to say. */
const isElsewhere = (whyNot: Verdict['whyNot']) =>
  ['key-differs', 'kind-differs', 'taken-by-another', 'filtered'].includes(whyNot?.reason ?? '');

const words = { paused: 'stopped', suspended: 'suspended' } as const;
const inWords = (routing: Routing): [string, string][] => {
  if (routing.fired) return [[routing.trigger.triggerId, 'fired']];
  return routing.reason === 'deleted' ? [] : [[routing.triggerId, words[routing.reason]]];
};

it('says what routing does, of every trigger, whatever stands and whatever comes', () => {
  fc.assert(
    fc.property(triggers, arrivals, (all, { source, promised, body }) => {
      const registry = registryOf(all);
      const acceptedFor = promised === null ? undefined : { triggerId: `t${promised}`, version: 1 };
      const arrival = routable({ source, acceptedFor, body: Buffer.from(body) });
      const verdictOf = judging({ registry, kinds: triggerKinds }, arrival);
      const told = all.map(verdictOf);

      const concerned = told.filter(({ whyNot }) => !isElsewhere(whyNot));
      const said = concerned.map(({ trigger, whyNot }) => [
        trigger.triggerId,
        whyNot?.reason ?? 'fired',
      ]);
      expect(said.sort()).toEqual(route(registry, arrival).flatMap(inWords).sort());
    }),
    { numRuns: 500 },
  );
});

it('knows six ways in which it can end', () => {
  const all = [
    triggerOf('promised', 'webhook', { path: 'a' }),
    triggerOf('beside', 'webhook', { path: 'a' }),
    triggerOf('elsewhere', 'webhook', { path: 'b' }),
    triggerOf('other', 'message', { topic: 'a' }),
  ];
  const reasonsFor = (source: { kind: string; key: string }, standing = all) => {
    const acceptedFor =
      source.kind === 'webhook' ? { triggerId: 'promised', version: 1 } : undefined;
    const arrival = routable({ source, acceptedFor });
    const verdictOf = judging({ registry: registryOf(standing), kinds: triggerKinds }, arrival);
    return standing.map((trigger) => verdictOf(trigger).whyNot?.reason ?? 'fired');
  };
  expect(reasonsFor({ kind: 'webhook', key: 'a' })).toEqual([
    ...['fired', 'taken-by-another', 'key-differs', 'kind-differs'],
  ]);
  const idle = (['paused', 'suspended'] as const).map((status) =>
    triggerOf(status, 'message', { topic: 'a' }, status),
  );
  expect(reasonsFor({ kind: 'message', key: 'a' }, idle)).toEqual(['stopped', 'suspended']);
});

describe('what does not pass a filter', () => {
  const filter = { eventfilter: { payload: { action: ['opened'] } } };
  const trigger = triggerOf('t', 'webhook', { path: 'a', filter }, 'paused');
  const why = (body: Buffer | undefined, triggers = [trigger]) => {
    const arrival = routable({ source: { kind: 'webhook', key: 'a' }, bodyOf: () => body });
    return judging({ registry: registryOf(triggers), kinds: triggerKinds }, arrival)(trigger)
      .whyNot;
  };

  it('is told by the first predicate that failed', () => {
    expect(why(Buffer.from('{"action":"closed"}'))).toEqual({
      ...{ reason: 'filtered', path: '/payload/action', seen: '"closed"' },
      ...{ predicate: expect.stringContaining('opened'), expected: expect.any(String) },
    });
    expect(why(Buffer.from('{"action":"opened"}'))).toBeNull();
  });

  it('cannot be told once its body was forgotten', () => {
    expect(why(undefined)).toEqual({ reason: 'payload-forgotten' });
  });

  it('is nearer than what was never reached', () => {
    const all = Array.from({ length: 5 }, (_, n) =>
      triggerOf(`t${n}`, 'webhook', { path: 'a', filter }),
    );
    const other = triggerOf('other', 'webhook', { path: 'ab' });
    const arrival = routable({ source: { kind: 'webhook', key: 'a' } });
    const registry = registryOf([other, ...all]);
    const verdicts = [other, ...all].map(judging({ registry, kinds: triggerKinds }, arrival));
    expect(nearest(verdicts, 5).map(({ trigger: { triggerId } }) => triggerId)).toEqual([
      ...['t0', 't1', 't2', 't3', 't4'],
    ]);
  });
});

describe('the nearest', () => {
  const verdictsOf = (source: { kind: string; key: string }, all: readonly TriggerEntry[]) =>
    all.map(judging({ registry: registryOf(all), kinds: triggerKinds }, routable({ source })));
  const named = (verdicts: readonly Verdict[]) => verdicts.map(({ trigger }) => trigger.triggerId);
  const all = [
    triggerOf('message', 'message', { topic: 'orders' }),
    triggerOf('far', 'webhook', { path: 'zebra' }),
    triggerOf('near', 'webhook', { path: 'orders/old' }),
    triggerOf('there', 'webhook', { path: 'orders/new' }),
    triggerOf('halted', 'message', { topic: 'orders' }, 'paused'),
  ];

  it('are those concerned, then the same kind by how alike they begin, then the rest', () => {
    const verdicts = verdictsOf({ kind: 'webhook', key: 'orders/new' }, all);
    expect(named(nearest(verdicts, 9))).toEqual(['there', 'near', 'far', 'message', 'halted']);
    expect(named(nearest(verdicts, 2))).toEqual(['there', 'near', 'far']);
    expect(verdicts[2]?.whyNot).toEqual({
      ...{ reason: 'key-differs', expected: 'orders/old', seen: 'orders/new' },
    });
    expect(verdicts[0]?.whyNot).toEqual({
      ...{ reason: 'kind-differs', expected: 'message', seen: 'webhook' },
    });
  });

  it('leave out nobody who was concerned', () => {
    const verdicts = verdictsOf({ kind: 'message', key: 'orders' }, all);
    expect(named(nearest(verdicts, 0))).toEqual(['message', 'halted']);
  });
});
