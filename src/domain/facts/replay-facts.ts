import { z } from 'zod';
import { ReplayOrder, SkippedByReason, SkipReason } from '../replay/order.ts';
import { fact, Id } from './fact.ts';

export const replayFacts = {
  ReplayRequested: fact(1, { replayId: Id, order: ReplayOrder }),
  ReplayCountBegun: fact(1, { replayId: Id }),
  /** What is to be done, as it looked before it was begun. */
  ReplayCounted: fact(1, {
    replayId: Id,
    arrivals: z.int().min(0),
    planned: z.int().min(0),
    skipped: SkippedByReason,
  }),
  /** What was queued in between says so itself. */
  ReplayAdvanced: fact(1, {
    replayId: Id,
    upTo: z.string(),
    skipped: SkippedByReason,
    /** Each that was skipped for another reason than that nothing is missing. */
    listed: z.array(
      z.object({ arrivalId: Id, triggerId: z.string().nullable(), reason: SkipReason }),
    ),
  }),
  ReplayPaused: fact(1, { replayId: Id }),
  ReplayResumed: fact(1, { replayId: Id }),
  ReplayCompleted: fact(1, { replayId: Id }),
  ReplayCancelled: fact(1, { replayId: Id, reason: z.string() }),
  ReplayFailed: fact(1, { replayId: Id, reason: z.string() }),
};
