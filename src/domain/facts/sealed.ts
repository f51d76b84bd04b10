import { z } from 'zod';

/** A secret as the log has it; see `domain/sealing.ts` for what it is bound to. */
export const Sealed = z.object({
  value: z.base64(),
  encrypted: z.literal(true),
  keyVersion: z.int().min(1),
});
export type Sealed = z.infer<typeof Sealed>;
