import type { TriggerEntry } from '../../../projections/registry.ts';
import type { ScheduleConfig } from '../../triggers/schedule-config.ts';
import { defineReactor, type Reaction } from './reactor.ts';

const none: readonly Reaction[] = [];

/** How many may be open; undefined where the trigger lets its ticks wait for one another. */
const mostOpenOf = ({ executionType, triggerMetadata }: TriggerEntry): number | undefined => {
  if (executionType !== 'scheduled') return undefined;
  // Its kind's schema has checked it before it was recorded.
  const { overlap, concurrency } = triggerMetadata as unknown as ScheduleConfig;
  return overlap === 'cancel-previous' ? concurrency : undefined;
};

/** Where a schedule wants it so, a new tick ends what the ticks before it have under way. */
export const cancelPrevious = defineReactor({
  name: 'cancel-previous',
  on: {
    InvocationQueued: ({ data }, { registry, openOf }) => {
      // What is delivered again is no tick of now.
      if (data.replay !== undefined) return none;
      const trigger = registry.triggerById(data.triggerId);
      const most = trigger && mostOpenOf(trigger);
      if (most === undefined) return none;
      return openOf(data.triggerId)
        .slice(0, -most)
        .map((invocationId) => ({
          type: 'cancel',
          invocationId,
          reason: 'overtaken by the next tick',
        }));
    },
  },
});
