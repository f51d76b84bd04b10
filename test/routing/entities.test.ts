import { describe, expect, it } from 'vitest';
import type {
  ApiKeyEntry,
  DraftEntry,
  FunctionEntry,
  RegistryEntry,
  TriggerEntry,
} from '../../projections/registry.ts';
import { createRegistryIndex, functionFor } from '../../src/routing/registry-index.ts';

/** A kind of which one key cannot be listened at, and of which what it is told is remembered. */
const listening = () => {
  const told: string[] = [];
  const lamp = {
    key: ({ params }: { params?: unknown }) => String(params),
    createIndex: () => ({
      add: (key: string) => {
        if (key === 'broken') throw new Error('cannot listen there');
        told.push(`+${key}`);
      },
      remove: (key: string) => void told.push(`-${key}`),
      matching: (key: string) => [key, 'everything'],
    }),
  };
  return { told, index: createRegistryIndex(new Map([['lamp', lamp]])) };
};

const functionOf = (functionId: string, workspace = 'acme') =>
  ({ entity: 'function', functionId, workspace }) as FunctionEntry;
const triggerOf = (triggerId: string, key = 'k', workspace = 'acme') =>
  ({
    ...{ entity: 'trigger', triggerId, workspace, executionType: 'lamp' },
    triggerMetadata: { params: key },
  }) as unknown as TriggerEntry;
const draftOf = (draftId: string, workspace = 'acme') =>
  ({ entity: 'draft', draftId, workspace }) as DraftEntry;
const apiKeyOf = (keyId: string, workspace = 'acme') =>
  ({ entity: 'api-key', keyId, workspace }) as ApiKeyEntry;

type Index = ReturnType<typeof createRegistryIndex>;

const sorts: readonly [
  sort: string,
  of: (id: string, workspace?: string) => RegistryEntry,
  byId: (index: Index, id: string) => unknown,
  ofWorkspace: (index: Index, workspace: string) => readonly unknown[],
][] = [
  ['function', functionOf, (i, id) => i.functionById(id), (i, w) => i.functionsOf(w)],
  [
    'trigger',
    (id, workspace) => triggerOf(id, 'k', workspace),
    (i, id) => i.triggerById(id),
    (i, w) => i.triggersOf(w),
  ],
  ['draft', draftOf, (i, id) => i.draftById(id), (i, w) => i.draftsOf(w)],
  ['API key', apiKeyOf, (i, id) => i.apiKeyById(id), (i, w) => i.apiKeysOf(w)],
];

describe.each(sorts)('a %s', (_, of, byId, ofWorkspace) => {
  it('is found by its id and in its workspace, as it is now, until it is gone', () => {
    const { index } = listening();
    const [one, two, far] = [of('1'), of('2'), of('3', 'other')];
    for (const entry of [one, two, far]) index.changed(undefined, entry);
    expect(byId(index, '1')).toBe(one);
    expect([ofWorkspace(index, 'acme'), ofWorkspace(index, 'other')]).toEqual([[one, two], [far]]);

    const anew = { ...one };
    index.changed(one, anew);
    expect(byId(index, '1')).toBe(anew);
    expect(ofWorkspace(index, 'acme')[0]).toBe(anew);

    index.changed(anew, undefined);
    expect([byId(index, '1'), byId(index, '2')]).toEqual([undefined, two]);
    expect(ofWorkspace(index, 'acme')).toEqual([two]);
    index.changed(two, undefined);
    expect([ofWorkspace(index, 'acme'), ofWorkspace(index, 'other')]).toEqual([[], [far]]);
  });

  it('goes, and leaves what else its workspace has', () => {
    for (const [, other, otherById, othersOf] of sorts) {
      const { index } = listening();
      const kept = other('kept');
      index.changed(undefined, kept);
      index.changed(undefined, of('1'));
      index.changed(of('1'), undefined);
      expect(otherById(index, 'kept')).toBe(kept);
      expect(othersOf(index, 'acme')).toEqual([kept]);
    }
  });
});

describe('a trigger', () => {
  const idsAt = (index: Index, key: string, workspace = 'acme') =>
    index.byKey(workspace, 'lamp', key).map(({ triggerId }) => triggerId);

  it('listens beside others at one key, and each goes by itself', () => {
    const { index, told } = listening();
    const all = ['1', '2', '3'].map((id) => triggerOf(id));
    for (const trigger of all) index.changed(undefined, trigger);
    expect(idsAt(index, 'k')).toEqual(['1', '2', '3']);
    index.changed(all[1], undefined);
    expect(idsAt(index, 'k')).toEqual(['1', '3']);
    index.changed(all[0], undefined);
    expect(idsAt(index, 'k')).toEqual(['3']);
    expect(told).toEqual(['+k']);
    index.changed(all[2], undefined);
    expect(idsAt(index, 'k')).toEqual([]);
    expect(told).toEqual(['+k', '-k']);
  });

  it('is found by the keys that its kind says an arrival concerns, in its workspace only', () => {
    const { index } = listening();
    index.changed(undefined, triggerOf('1', 'k'));
    index.changed(undefined, triggerOf('2', 'everything'));
    index.changed(undefined, triggerOf('3', 'k', 'other'));
    expect(idsAt(index, 'k')).toEqual(['1', '2']);
    expect(idsAt(index, 'x')).toEqual(['2']);
    expect(idsAt(index, 'k', 'other')).toEqual(['3']);
    expect(idsAt(index, 'k', 'nowhere')).toEqual([]);
    expect(index.byKey('acme', 'webhook', 'k')).toEqual([]);
  });

  it('moves with its key', () => {
    const { index } = listening();
    index.changed(undefined, triggerOf('1', 'k'));
    index.changed(triggerOf('1', 'k'), triggerOf('1', 'x'));
    expect([idsAt(index, 'k'), idsAt(index, 'x')]).toEqual([[], ['1']]);
  });

  it('stays where it is when it cannot listen where it is to go, and then nothing has changed', () => {
    const { index } = listening();
    const before = triggerOf('1', 'k');
    index.changed(undefined, before);
    const change = () => index.changed(before, triggerOf('1', 'broken'));
    expect(change).toThrow('cannot listen there');
    expect(idsAt(index, 'k')).toEqual(['1']);
    expect(index.triggerById('1')).toBe(before);
    const start = () => index.changed(undefined, triggerOf('2', 'broken'));
    expect(start).toThrow('cannot listen there');
    expect(index.triggerById('2')).toBeUndefined();
  });

  it('that never listened goes without a word', () => {
    const { index, told } = listening();
    index.changed(undefined, triggerOf('1', 'k'));
    index.changed(triggerOf('2', 'k'), undefined);
    index.changed(triggerOf('2', 'x'), undefined);
    expect(idsAt(index, 'k')).toEqual(['1']);
    expect(told).toEqual(['+k']);
  });
});

it('a function of another workspace is none at all', () => {
  const { index } = listening();
  index.changed(undefined, functionOf('f'));
  expect(functionFor(index, { workspace: 'acme', functionId: 'f' })).toEqual(functionOf('f'));
  expect(functionFor(index, { workspace: 'other', functionId: 'f' })).toBeUndefined();
  expect(functionFor(index, { workspace: 'acme', functionId: 'g' })).toBeUndefined();
});
