import { z } from 'zod';
import { Concurrency, commonConfig } from './common-config.ts';
import { FilterForm } from './filter-form.ts';
import { defineKind } from './kind.ts';
import {
  recordEventKey,
  recordEventOrigin,
  recordEventRule,
  recordEvents,
} from './record-events.ts';
import { PointerSelector } from './selector.ts';

export const EventDrivenConfig = z.strictObject({
  event: z.enum(recordEvents, { error: recordEventRule }),
  recordSlug: z
    .string()
    .min(1, 'must not be empty')
    .max(256, 'must be at most 256 characters long'),
  ...commonConfig,
  concurrency: Concurrency.optional(),
  orderingKey: PointerSelector.optional(),
  filter: FilterForm.optional(),
});
export type EventDrivenConfig = z.infer<typeof EventDrivenConfig>;

/** What happens to records of one type, as their keeper publishes it. */
export const eventDriven = defineKind<EventDrivenConfig>({
  kind: 'event-driven',
  config: EventDrivenConfig,
  key: ({ event, recordSlug }) => recordEventKey(event, recordSlug),
  origin: recordEventOrigin,
  secretPaths: [],
  present: (_, { json }) => ({ executionParams: json, eventMetadata: null }),
});
