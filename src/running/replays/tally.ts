import type { DataOf } from '../../domain/events.ts';
import type { SkipReason } from '../../domain/replay/order.ts';

type Listed = DataOf<'ReplayAdvanced'>['listed'];

/** That nothing is missing needs no list. */
const unlisted: ReadonlySet<SkipReason> = new Set(['succeeded']);

/** What was skipped, counted by reason and listed where somebody may want to do something about it. */
export const createTally = () => {
  const skipped: Partial<Record<SkipReason, number>> = {};
  const listed: Listed = [];
  return {
    skipped,
    listed,
    skip(arrivalId: string, triggerId: string | null, reason: SkipReason): void {
      skipped[reason] = (skipped[reason] ?? 0) + 1;
      if (!unlisted.has(reason)) listed.push({ arrivalId, triggerId, reason });
    },
  };
};

export type Tally = ReturnType<typeof createTally>;
