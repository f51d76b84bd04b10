import type { Answer, Failure } from '../src/domain/events.ts';
import type { Payload } from '../src/domain/payload.ts';

/** Cut where what is left is still valid: between code points, or after whole groups of base64. */
const cut: Readonly<Record<Payload['encoding'], (content: string, limit: number) => string>> = {
  utf8: (content, limit) => {
    const last = content.charCodeAt(limit - 1);
    const splitsPair = last >= 0xd800 && last < 0xdc00;
    return content.slice(0, splitsPair ? limit - 1 : limit);
  },
  base64: (content, limit) => content.slice(0, limit - (limit % 4)),
};

/** The beginning of a body: `limit` characters at most. */
const boundedPayload = ({ encoding, content }: Payload, limit: number): Payload => ({
  encoding,
  content: cut[encoding](content, limit),
});

export const boundedAnswer = (answer: Answer, limit: number): Answer =>
  answer.body.content.length <= limit
    ? answer
    : { ...answer, body: boundedPayload(answer.body, limit), truncated: true };

export const boundedFailure = (failure: Failure, limit: number): Failure => ({
  ...failure,
  message: cut.utf8(failure.message, limit),
  body: failure.body && boundedPayload(failure.body, limit),
});
