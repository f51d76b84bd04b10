import type { InvocationDocument } from '../../projections/invocations.ts';
import { type FactType, facts as factTypes } from '../domain/events.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { type CausalNode, causalTree } from '../routing/causal-tree.ts';
import type { OperationsDeps } from './deps.ts';
import { answeredSoFar } from './visible.ts';

const pageSize = 500;
/** Of facts, and of invocations. */
const mostPages = 4;

/** What the invocations themselves say better. */
const leftOut: ReadonlySet<string> = new Set<FactType>([
  ...(['InvocationQueued', 'InvocationStarted', 'InvocationSucceeded'] as const),
  ...(['InvocationFailed', 'AttemptLost', 'InvocationDeadLettered'] as const),
]);
const types = Object.keys(factTypes).filter((type) => !leftOut.has(type));

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const pagesOf = async <Item>(read: (after: string | undefined) => Promise<Page<Item>>) => {
  const items: Item[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await read(after);
    items.push(...page.items);
    if (page.next === null) return { items, isWhole: true };
    after = page.next;
  }
  return { items, isWhole: false };
};

export interface Story {
  readonly nodes: readonly CausalNode[];
  /** False where there is more than is looked at. */
  readonly isWhole: boolean;
}

/** Tells everything that has one correlation id. */
export const createStories =
  (deps: Pick<OperationsDeps, 'views' | 'engine' | 'actors' | 'clock'>) =>
  async (workspace: string, correlationId: string): Promise<Story> => {
    const { views } = deps;
    const seen = await answeredSoFar(deps);
    const query = { order: 'asc', limit: pageSize } as const;
    const [facts, invocations] = await Promise.all([
      pagesOf<StoredEvent>(async (after) => {
        const page = await views.audit({ ...query, workspace, correlationId, types, after }, seen);
        return { items: page.events, next: page.next };
      }),
      pagesOf<InvocationDocument>(async (after) => {
        const where = { workspace, correlationId };
        const page = await views.find('invocations', { ...query, where, after }, seen);
        return { items: page.documents, next: page.next };
      }),
    ]);
    return {
      nodes: causalTree(facts.items, invocations.items),
      isWhole: facts.isWhole && invocations.isWhole,
    };
  };
