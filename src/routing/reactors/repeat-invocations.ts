import { defineReactor } from './reactor.ts';

/** What an operator wants once more becomes an invocation of its own. */
export const repeatInvocations = defineReactor({
  name: 'repeat-invocations',
  on: {
    InvocationRetried: ({ data }) => [
      {
        type: 'repeat',
        invocationId: data.retriedAs,
        triggerId: data.triggerId,
        repeats: data.invocationId,
        original: data.repeats,
      },
    ],
  },
});
