import { z } from 'zod';

const oneLanguage = 'must be an object with one member: {"<language>": <definition>}';

/** A filter as people write it: its language, and what it says in that. It came as JSON. */
export const FilterForm = z
  .record(z.string(), z.unknown(), oneLanguage)
  .refine((form) => Object.keys(form).length === 1, oneLanguage);
export type FilterForm = z.output<typeof FilterForm>;
