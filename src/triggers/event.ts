import { z } from 'zod';
import { busEventKey, busEventOrigin, createBusIndex } from './bus-index.ts';
import { subscriberConfig } from './common-config.ts';
import { defineKind } from './kind.ts';

export const EventConfig = z.strictObject({
  eventType: z.string().min(1, 'must not be empty').max(256, 'must be at most 256 characters long'),
  /** Left out or empty: events of any source. */
  eventSource: z.string().max(256, 'must be at most 256 characters long').optional(),
  ...subscriberConfig,
});
export type EventConfig = z.infer<typeof EventConfig>;

/** Events of one type from the bus, of any source or of one. */
export const event = defineKind<EventConfig>({
  kind: 'event',
  config: EventConfig,
  key: ({ eventType, eventSource }) => busEventKey(eventType, eventSource ?? null),
  origin: busEventOrigin,
  createIndex: createBusIndex,
  secretPaths: [],
  present: (_, { json }) => ({ executionParams: json, eventMetadata: '{}' }),
});
