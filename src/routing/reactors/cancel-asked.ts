import { defineReactor } from './reactor.ts';

/** What another instance was asked to cancel. */
export const cancelAsked = defineReactor({
  name: 'cancel-asked',
  on: {
    CancelAsked: ({ data: { invocationId, reason } }, { queue }) =>
      queue.get(invocationId) === undefined ? [] : [{ type: 'cancel', invocationId, reason }],
  },
});
