import type { KeptAnswer } from '../src/domain/facts/answer.ts';
import type { KeptFailure } from '../src/domain/facts/failure.ts';
import type { Payload } from '../src/domain/payload.ts';
import type { PayloadName } from '../src/domain/payload-name.ts';

/** The beginning of a text: `limit` characters at most, and no half of one. */
export const cutText = (content: string, limit: number): string => {
  const last = content.charCodeAt(limit - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return content.slice(0, splitsPair ? limit - 1 : limit);
};

/** Cut where what is left is still valid: between code points, or after whole groups of base64. */
const cut: Readonly<Record<Payload['encoding'], (content: string, limit: number) => string>> = {
  utf8: cutText,
  base64: (content, limit) => content.slice(0, limit - (limit % 4)),
};

/** The beginning of a body: `limit` characters at most. */
export const boundedPayload = ({ encoding, content }: Payload, limit: number): Payload => ({
  encoding,
  content: cut[encoding](content, limit),
});

/** Bytes beside the log, with the place of the fact that names them. */
export interface BodyBeside extends PayloadName {
  readonly at: string;
}

/** What a document has of an answer: its beginning, or where it lies. */
export type FoundAnswer = Omit<KeptAnswer, 'body'> & { readonly body: Payload | BodyBeside };
export type FoundFailure = Omit<KeptFailure, 'body'> & {
  readonly body: Payload | BodyBeside | null;
};

/** `at` is the place of the fact that has or names it. */
const boundedBody = (body: KeptAnswer['body'], limit: number, at: string) =>
  'size' in body ? { ...body, at } : boundedPayload(body, limit);

export const boundedAnswer = (answer: KeptAnswer, limit: number, at: string): FoundAnswer => {
  const { body } = answer;
  const truncated = answer.truncated || ('content' in body && body.content.length > limit);
  return { ...answer, body: boundedBody(body, limit, at), truncated };
};

export const boundedFailure = (failure: KeptFailure, limit: number, at: string): FoundFailure => ({
  ...failure,
  message: cut.utf8(failure.message, limit),
  body: failure.body && boundedBody(failure.body, limit, at),
});
