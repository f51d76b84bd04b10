import type { Answer, Failure } from '../src/domain/events.ts';
import type { Payload } from '../src/domain/payload.ts';

/** Cut where what is left is still valid: between code points, or after whole groups of base64. */
const cut = (content: string, encoding: Payload['encoding'], limit: number): string => {
  if (encoding === 'base64') return content.slice(0, limit - (limit % 4));
  const last = content.charCodeAt(limit - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return content.slice(0, splitsPair ? limit - 1 : limit);
};

/** The beginning of a body: `limit` characters at most. */
const boundedPayload = (body: Payload, limit: number): Payload =>
  body.content.length <= limit
    ? body
    : { encoding: body.encoding, content: cut(body.content, body.encoding, limit) };

export const boundedAnswer = (answer: Answer, limit: number): Answer =>
  answer.body.content.length <= limit
    ? answer
    : { ...answer, body: boundedPayload(answer.body, limit), truncated: true };

export const boundedFailure = (failure: Failure, limit: number): Failure => ({
  ...failure,
  message: cut(failure.message, 'utf8', limit),
  body: failure.body && boundedPayload(failure.body, limit),
});
