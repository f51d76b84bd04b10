import { z } from 'zod';
import { Sealed } from '../domain/facts/sealed.ts';

const text = z.string().min(1).max(4_096);

/** A secret as people write it, or as the log has it and GET shows it. */
export const Secret = z.union(
  [text, z.strictObject({ value: text, encrypt: z.literal(true) }), Sealed.strict()],
  { error: 'must be a non-empty string or {"value": <string>, "encrypt": true}' },
);
