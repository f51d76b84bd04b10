import type { Clock } from '../domain/clock.ts';
import { isoOf } from '../domain/clock.ts';

interface Creation {
  readonly at: number;
  readonly over: Promise<unknown>;
}

interface Ledger {
  /** The latest instant given out. */
  last: number;
  readonly underWay: Map<string, Creation>;
  /** Those that were over while others were still under way. */
  readonly landed: Set<string>;
}

interface Created {
  readonly id: string;
  readonly createdAt: string;
}

/** How far instants may run ahead of the clock so that no two are equal. */
const largestLeadMs = 1_000;

/**
 * Lists are in the order of creation and paged by number, so a page stays where it is only if
 * nothing ever appears before what was shown. Each creation is given an instant of its own, later
 * than those before, and a list leaves out what overtook an earlier creation that is under way: all
 * of it began after the list was asked for.
 */
export const createCreations = ({ clock }: { readonly clock: Pick<Clock, 'now'> }) => {
  const ledgers = new Map<string, Ledger>();

  const ledgerOf = (workspace: string): Ledger => {
    const known = ledgers.get(workspace);
    if (known) return known;
    const ledger: Ledger = { last: 0, underWay: new Map(), landed: new Set() };
    ledgers.set(workspace, ledger);
    return ledger;
  };

  const instantAfter = (last: number): number => {
    const now = clock.now();
    return last - now < largestLeadMs ? Math.max(now, last + 1) : Math.max(now, last);
  };

  return {
    /** `task` is given the instant to record. */
    async run<Result>(
      workspace: string,
      id: string,
      task: (at: string) => Promise<Result>,
    ): Promise<Result> {
      const ledger = ledgerOf(workspace);
      const at = instantAfter(ledger.last);
      ledger.last = at;
      const over = task(isoOf(at));
      ledger.underWay.set(id, { at, over });
      try {
        return await over;
      } finally {
        ledger.underWay.delete(id);
        ledger.landed.add(id);
        if (ledger.underWay.size === 0) ledger.landed.clear();
      }
    },
    /** Which of a workspace's things may be listed; resolves when what began before is over. */
    async listable(workspace: string): Promise<(created: Created) => boolean> {
      const ledger = ledgers.get(workspace);
      if (ledger === undefined) return () => true;
      await Promise.allSettled([...ledger.underWay.values()].map(({ over }) => over));
      const earliest = Math.min(...[...ledger.underWay.values()].map(({ at }) => at));
      const young = new Set([...ledger.underWay.keys(), ...ledger.landed]);
      return ({ id, createdAt }) => !young.has(id) || Date.parse(createdAt) < earliest;
    },
  };
};

export type Creations = ReturnType<typeof createCreations>;
