import { defineReactor } from './reactor.ts';

/** An endpoint that says it is gone for good is left alone; what was accepted for it waits. */
export const suspendGone = defineReactor({
  name: 'suspend-gone',
  on: {
    InvocationDeadLettered: ({ data }, { registry }) => {
      const { triggerId, invocationId } = data;
      if (data.reason !== 'gone') return [];
      if (registry.triggerById(triggerId)?.status !== 'active') return [];
      return [{ type: 'suspend', triggerId, invocationId, reason: 'the target answered 410 Gone' }];
    },
  },
});
