import { z } from 'zod';
import { fact, Id } from './fact.ts';

/** Whose the lanes are. */
export const laneFacts = {
  /** From here on the instance decides what the lane records, and nobody else. */
  LaneTaken: fact(1, { lane: z.string(), instance: Id }),
  /** In order: whoever comes next need not wait. */
  LaneReleased: fact(1, { lane: z.string(), instance: Id }),
  /** The instance lives and owns these lanes. */
  InstanceSeen: fact(1, { instance: Id, lanes: z.array(z.string()) }),
};
