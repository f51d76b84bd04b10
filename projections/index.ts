import { arrivals } from './arrivals.ts';
import { deadLetters } from './dead-letters.ts';
import { invocations } from './invocations.ts';
import { openReplays } from './open-replays.ts';
import type { AnyProjection } from './projection.ts';
import { queue } from './queue.ts';
import { refusals } from './refusals.ts';
import { registry } from './registry.ts';
import { registryChanges } from './registry-changes.ts';
import { replays } from './replays.ts';
import { schedules } from './schedules.ts';
import { timeline } from './timeline.ts';

/** Kept in memory by whoever decides; saved as a snapshot. */
export const hotProjections = { registry, queue, schedules, openReplays } as const;

/** Kept in the views' own database, which answers queries. */
export const coldProjections = {
  arrivals,
  invocations,
  'dead-letters': deadLetters,
  timeline,
  'registry-changes': registryChanges,
  replays,
  refusals,
} as const;

export type ColdProjections = typeof coldProjections;
export type ColdName = keyof ColdProjections;
export type DocumentOf<Name extends ColdName> =
  ColdProjections[Name] extends AnyProjection<infer Document> ? Document : never;
