import { z } from 'zod';
import { isEmpty } from '../domain/payload.ts';
import { Concurrency, commonConfig } from './common-config.ts';
import { defineKind } from './kind.ts';
import { PointerSelector } from './selector.ts';

export const OnDemandConfig = z.strictObject({
  ...commonConfig,
  concurrency: Concurrency.optional(),
  orderingKey: PointerSelector.optional(),
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
