import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apiKeyKey,
  draftKey,
  functionKey,
  registry,
  triggerKey,
} from '../../projections/registry.ts';
import { apiKeyLifecycle } from '../../src/domain/api-key/decider.ts';
import { draftLifecycle } from '../../src/domain/draft/decider.ts';
import type { Fact } from '../../src/domain/events.ts';
import { functionLifecycle } from '../../src/domain/function/decider.ts';
import type { Lifecycle, LifecycleState } from '../../src/domain/lifecycle.ts';
import { triggerLifecycle } from '../../src/domain/trigger/decider.ts';
import { apiKeyFacts, draftFacts, functionFacts, triggerFacts } from '../domain/examples.ts';
import { instantOf, recorded, type Written } from '../views/history.ts';
import { folded } from './folding.ts';

interface Kept {
  readonly entity: string;
  readonly key: string;
  readonly lifecycle: Lifecycle<LifecycleState, Fact>;
  readonly facts: readonly Fact[];
  /** The states in which there is an entry. */
  readonly listed: readonly string[];
  /** What an entry says beside what the entity itself knows of it, and beside who did what when. */
  readonly beside: (state: LifecycleState, walked: readonly Fact[]) => object;
  readonly changes: boolean;
}

const reasonOf = (walked: readonly Fact[]): string | null => {
  const turns = ['TriggerRegistered', 'TriggerPaused', 'TriggerResumed', 'TriggerSuspended'];
  const last = walked.findLast(({ type }) => turns.includes(type));
  return last && 'reason' in last.data ? String(last.data.reason) : null;
};

const entities: readonly Kept[] = [
  {
    entity: 'function',
    key: functionKey('function-1'),
    lifecycle: functionLifecycle,
    facts: functionFacts,
    listed: ['active'],
    beside: () => ({}),
    changes: true,
  },
  {
    entity: 'trigger',
    key: triggerKey('trigger-1'),
    lifecycle: triggerLifecycle,
    facts: triggerFacts,
    listed: ['active', 'paused', 'suspended'],
    beside: ({ value }, walked) => ({ status: value, reason: reasonOf(walked) }),
    changes: true,
  },
  {
    entity: 'draft',
    key: draftKey('draft-1'),
    lifecycle: draftLifecycle,
    facts: draftFacts,
    listed: ['open'],
    beside: () => ({}),
    changes: true,
  },
  {
    entity: 'api-key',
    key: apiKeyKey('key-1'),
    lifecycle: apiKeyLifecycle,
    facts: apiKeyFacts,
    listed: ['active'],
    beside: () => ({}),
    changes: false,
  },
];

const written = (walked: readonly Fact[]): readonly Written[] =>
  walked.map((fact, place) => ({
    stream: 'x-1',
    fact,
    metadata: { workspace: 'acme', actor: `user:${place}`, occurredAt: instantOf(place) },
  }));

describe.each(entities)('an entry of the registry: $entity', (kept) => {
  const { entity, key, lifecycle, facts, listed } = kept;

  /** As far as the entity's machine lets the walk go. */
  const walk = fc.array(fc.constantFrom(...facts), { maxLength: 20 }).map((wished) => {
    let state = lifecycle.initialState;
    const walked: Fact[] = [];
    for (const fact of wished) {
      if (!lifecycle.can(state, fact)) continue;
      state = lifecycle.evolve(state, fact);
      walked.push(fact);
    }
    return { state, walked };
  });

  it('says what the machine of the entity says, and is there just as long', () => {
    fc.assert(
      fc.property(walk, ({ state, walked }) => {
        const { documents } = folded(registry, recorded(written(walked)));
        if (!listed.includes(state.value)) {
          expect(documents).toEqual({});
          return;
        }
        expect(Object.keys(documents)).toEqual([key]);
        expect(documents[key]).toMatchObject({
          entity,
          ...(state.context as object),
          ...kept.beside(state, walked),
          workspace: 'acme',
          revision: walked.length - 1,
        });
      }),
    );
  });

  it('says who made it and who changed it last; sealing its secrets anew changes nothing', () => {
    fc.assert(
      fc.property(walk, ({ state, walked }) => {
        if (!listed.includes(state.value)) return;
        const last = walked.findLastIndex(({ type }) => !type.endsWith('Resealed'));
        expect(folded(registry, recorded(written(walked))).documents[key]).toMatchObject({
          createdBy: 'user:0',
          createdAt: instantOf(0),
          ...(kept.changes && { updatedBy: `user:${last}`, updatedAt: instantOf(last) }),
        });
      }),
    );
  });
});

it('has nothing of what was never registered, whatever else is said of it', () => {
  const beginnings = ['FunctionRegistered', 'TriggerRegistered', 'DraftSaved', 'ApiKeyIssued'];
  for (const { facts } of entities) {
    for (const fact of facts.filter(({ type }) => !beginnings.includes(type))) {
      expect(folded(registry, recorded(written([fact]))).documents).toEqual({});
    }
  }
});

it('keeps entities of one id apart', () => {
  const ids = new Set([functionKey('x'), triggerKey('x'), draftKey('x'), apiKeyKey('x')]);
  expect(ids.size).toBe(4);
});
