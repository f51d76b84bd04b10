import { z } from 'zod';
import { isEmpty } from '../domain/payload.ts';
import { Concurrency, commonConfig } from './common-config.ts';
import { defineKind } from './kind.ts';
import { PointerSelector } from './selector.ts';

/** As a person picks one to begin with. */
const Example = z.strictObject({
  id: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(256),
  icon: z.string().max(256).optional(),
  payload: z.json(),
});

const schemaForm = 'must be a JSON Schema: an object, true or false';

export const OnDemandConfig = z.strictObject({
  ...commonConfig,
  concurrency: Concurrency.optional(),
  orderingKey: PointerSelector.optional(),
  /** What an execution's body must be like, in JSON Schema 2020-12. */
  schema: z.union([z.boolean(), z.record(z.string(), z.json())], schemaForm).optional(),
  examples: z.array(Example).max(50, 'must be at most 50').optional(),
});
export type OnDemandConfig = z.infer<typeof OnDemandConfig>;

/** Executed by hand or by another program; the body of that request is what the function gets. */
export const onDemand = defineKind<OnDemandConfig>({
  kind: 'on-demand',
  config: OnDemandConfig,
  key: (_, triggerId) => triggerId,
  hasNoPast: true,
  secretPaths: [],
  present: ({ body }, { json }) => ({
    executionParams: isEmpty(body) ? '{}' : json,
    eventMetadata: null,
  }),
});
