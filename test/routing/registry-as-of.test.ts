import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RegistryEntry, registry } from '../../projections/registry.ts';
import { registryChanges } from '../../projections/registry-changes.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createPastRegistry } from '../../src/routing/registry-as-of.ts';
import type { RegistryIndex } from '../../src/routing/registry-index.ts';
import { createTriggerKinds } from '../../src/triggers/index.ts';
import { folded } from '../projections/folding.ts';
import { historyArbitrary } from '../projections/generated-history.ts';

const kinds = createTriggerKinds().known;

/** Those of the workspaces together: only their order matters. */
const toldUpTo = (events: readonly StoredEvent[], last: string) => {
  const past = createPastRegistry(kinds);
  const changes = Object.values(folded(registryChanges, events).documents)
    .filter(({ position }) => position <= last)
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  for (const change of changes) past.tell(change);
  return { past, entities: new Set(changes.map(({ entity }) => entity)) };
};

const isBound = (entry: RegistryEntry) => entry.entity === 'function' || entry.entity === 'trigger';

const foundIn = ({ functionById, triggerById }: RegistryIndex, key: string) => {
  const [entity, id = ''] = key.split('/');
  return entity === 'function' ? functionById(id) : triggerById(id);
};

it('is at each place in the log what a fold of all before it makes', () => {
  let compared = 0;
  fc.assert(
    fc.property(historyArbitrary(60), fc.nat(60), (events, at) => {
      const before = events.slice(0, at);
      const { past, entities } = toldUpTo(events, before.at(-1)?.position ?? '');
      const stood = Object.entries(folded(registry, before).documents).filter(([, entry]) =>
        isBound(entry),
      );
      const told = [...entities].flatMap((key) => {
        const entry = past.entryOf(key);
        expect(foundIn(past.index, key)).toEqual(entry);
        return entry === undefined ? [] : [[key, entry]];
      });
      expect(Object.fromEntries(told)).toEqual(Object.fromEntries(stood));
      compared += stood.length;
    }),
  );
  expect(compared).toBeGreaterThan(0);
});
