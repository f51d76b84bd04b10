import { z } from 'zod';

export const Id = z.string().min(1).max(64);
/** ISO 8601, in UTC. */
export const Instant = z.iso.datetime();

/** A fact with the version that is written today. */
export const fact = <Shape extends z.ZodRawShape>(schemaVersion: number, shape: Shape) => ({
  schemaVersion,
  schema: z.object(shape),
});
