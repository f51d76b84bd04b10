import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TriggerEntry } from '../../projections/registry.ts';
import { createRegistryIndex } from '../../src/routing/registry-index.ts';
import { busEventKey } from '../../src/triggers/bus-index.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { recordEventKey } from '../../src/triggers/record-events.ts';
import { naivelyMatches } from '../triggers/naive-topic.ts';

type Metadata = TriggerEntry['triggerMetadata'];

/** An arrival together with what it means, so that the reference needs no keys. */
interface Sample {
  readonly workspace: string;
  readonly kind: string;
  readonly key: string;
  readonly concerns: (metadata: Metadata) => boolean;
}

const entryOf = (n: number, workspace: string, kind: string, metadata: Metadata): TriggerEntry => ({
  entity: 'trigger',
  workspace,
  triggerId: `trigger-${n}`,
  name: `trigger ${n}`,
  description: null,
  functionId: 'function',
  executionType: kind,
  triggerMetadata: metadata,
  isSystem: false,
  version: 1,
  revision: 0,
  status: 'active',
  reason: null,
  createdBy: 'user:ann',
  createdAt: '2026-11-21T12:00:00.000Z',
  updatedBy: 'user:ann',
  updatedAt: '2026-11-21T12:00:00.000Z',
});

const words = fc.constantFrom('a', 'b', 'a.b');
const workspace = fc.constantFrom('acme', 'other');
const event = fc.constantFrom('record_created', 'record_deleted');
const source = fc.constantFrom(undefined, '', 'a', 'b');
const parts = (...more: string[]) =>
  fc.array(fc.constantFrom('a', 'b', ...more), { minLength: 1, maxLength: 4 });

const definition = fc.oneof(
  fc.record({ event, recordSlug: words }).map((m) => ['event-driven', m] as const),
  fc
    .record({ eventType: words, eventSource: source })
    .map(
      ({ eventSource, ...m }) =>
        ['event', eventSource === undefined ? m : { ...m, eventSource }] as const,
    ),
  parts('*', '**').map((p) => ['message', { topic: p.join('.') }] as const),
  words.map((path) => ['webhook', { path: `/${path}` }] as const),
);

const sample: fc.Arbitrary<Omit<Sample, 'workspace'>> = fc.oneof(
  fc.tuple(event, words).map(([name, slug]) => ({
    kind: 'event-driven',
    key: recordEventKey(name, slug),
    concerns: (m: Metadata) => m['event'] === name && m['recordSlug'] === slug,
  })),
  fc.tuple(words, source).map(([type, from]) => ({
    kind: 'event',
    key: busEventKey(type, from ?? null),
    concerns: (m: Metadata) =>
      m['eventType'] === type && (!m['eventSource'] || m['eventSource'] === from),
  })),
  parts().map((topic) => ({
    kind: 'message',
    key: topic.join('.'),
    concerns: (m: Metadata) => naivelyMatches(String(m['topic']).split('.'), topic),
  })),
  words.map((path) => ({
    kind: 'webhook',
    key: path,
    concerns: (m: Metadata) => m['path'] === `/${path}`,
  })),
);

const idsOf = (triggers: readonly TriggerEntry[]) =>
  triggers.map(({ triggerId }) => triggerId).toSorted();

type Change = readonly [n: number, place: string, defined: readonly [string, Metadata] | null];

/** A trigger stays in its workspace and of its kind; null deletes it. */
const afterOf = (before: TriggerEntry | undefined, [n, place, defined]: Change) => {
  if (defined === null) return undefined;
  const [kind, metadata] = defined;
  if (before !== undefined && before.executionType !== kind) return before;
  return entryOf(n, before?.workspace ?? place, kind, metadata);
};

const indexAfter = (changes: readonly Change[]) => {
  const index = createRegistryIndex(triggerKinds);
  const all = new Map<number, TriggerEntry>();
  for (const change of changes) {
    const before = all.get(change[0]);
    const after = afterOf(before, change);
    index.changed(before, after);
    if (after === undefined) all.delete(change[0]);
    else all.set(change[0], after);
  }
  return { index, all: [...all.values()] };
};

describe('the registry index', () => {
  it('finds for an arrival exactly what looking at every trigger finds, through every change', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(8), workspace, fc.option(definition)), { maxLength: 30 }),
        fc.array(fc.tuple(workspace, sample), { minLength: 1 }),
        (changes, samples) => {
          const { index, all } = indexAfter(changes);
          for (const [place, { kind, key, concerns }] of samples) {
            const expected = all.filter(
              (trigger) =>
                trigger.workspace === place &&
                trigger.executionType === kind &&
                concerns(trigger.triggerMetadata),
            );
            expect(idsOf(index.byKey(place, kind, key))).toEqual(idsOf(expected));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('names a trigger once, however its pattern fits', () => {
    const index = createRegistryIndex(triggerKinds);
    index.changed(undefined, entryOf(1, 'acme', 'message', { topic: '**.a.**' }));
    expect(idsOf(index.byKey('acme', 'message', 'a.a.a'))).toEqual(['trigger-1']);
  });

  it('gives nothing to triggers of a kind that is not known here', () => {
    const index = createRegistryIndex(triggerKinds);
    index.changed(undefined, entryOf(1, 'acme', 'moonrise', {}));
    expect(index.byKey('acme', 'moonrise', '')).toEqual([]);
    expect(index.triggersOf('acme')).toHaveLength(1);
  });
});
