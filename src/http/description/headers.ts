import type { About } from './about.ts';
import type { Parameter, Response } from './document.ts';

const text = { type: 'string' } as const;

/** Those that say something about what is asked for. */
export const requestHeadersOf = ({
  ifMatch,
  idempotent,
  resumes,
  waits,
}: About): readonly Parameter[] => [
  ...(ifMatch
    ? [
        {
          name: 'If-Match',
          in: 'header',
          required: false,
          description: 'The `ETag` that was seen: happens only where it is still that, else 412.',
          schema: { ...text, examples: ['"3"'] },
        },
      ]
    : []),
  ...(idempotent
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description:
            'Best a random UUID: the same key with the same body gets the same answer, and happens once.',
          schema: { ...text, minLength: 1, maxLength: 255 },
        },
      ]
    : []),
  ...(waits
    ? [
        {
          name: 'Prefer',
          in: 'header',
          required: false,
          description: '`wait=` seconds, at most 60: how long the answer may take (RFC 7240).',
          schema: { ...text, examples: ['wait=10'] },
        },
      ]
    : []),
  ...(resumes
    ? [
        {
          name: 'Last-Event-ID',
          in: 'header',
          required: false,
          description: 'The last `id` that was seen: goes on behind it. Counts more than `after`.',
          schema: { ...text, maxLength: 64 },
        },
      ]
    : []),
];

export const answerHeadersOf = ({ etag, idempotent, waits }: About): Response['headers'] => ({
  ...(etag && { ETag: { description: 'The revision, for `If-Match`.', schema: text } }),
  ...(idempotent && {
    'Idempotency-Replayed': {
      description: '`true` where the answer is that of an earlier request with this key.',
      schema: text,
    },
  }),
  ...(waits && {
    'Preference-Applied': {
      description: 'The `wait` that was heeded, where the answer is what it waited for.',
      schema: text,
    },
  }),
});
