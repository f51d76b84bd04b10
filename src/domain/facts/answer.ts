import { z } from 'zod';
import { Payload } from '../payload.ts';
import { PayloadName } from '../payload-name.ts';

/** What a function answered, as a fact has it: a long one lies beside the log and is named. */
export const KeptBody = z.union([PayloadName, Payload]);

export const Answer = z.object({
  status: z.int(),
  contentType: z.string().nullable(),
  body: Payload,
  /** True where the answer was longer than what is kept. */
  truncated: z.boolean(),
});
export type Answer = z.infer<typeof Answer>;
export const KeptAnswer = Answer.extend({ body: KeptBody });
export type KeptAnswer = z.infer<typeof KeptAnswer>;
