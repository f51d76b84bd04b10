import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bounded from '../../projections/bounded.ts';
import type { Answer, KeptAnswer } from '../../src/domain/facts/answer.ts';
import type { Failure, KeptFailure } from '../../src/domain/facts/failure.ts';

const answerOf = (content: string, encoding: 'utf8' | 'base64' = 'utf8'): Answer => ({
  status: 200,
  contentType: null,
  body: { encoding, content },
  truncated: false,
});

const failureOf = (message: string, content: string | null): Failure => ({
  kind: 'status',
  message,
  status: 500,
  body: content === null ? null : { encoding: 'utf8', content },
});

const at = '0007.00001';
const boundedAnswer = (answer: KeptAnswer, limit: number) =>
  bounded.boundedAnswer(answer, limit, at);
const boundedFailure = (failure: KeptFailure, limit: number) =>
  bounded.boundedFailure(failure, limit, at);
const contentOf = (answer: Answer, limit: number): string => {
  const { body } = boundedAnswer(answer, limit);
  return 'content' in body ? body.content : expect.unreachable();
};

describe('an answer that is cut short', () => {
  it.each(['', 'x', 'x'.repeat(10)])('is the answer itself where it fits: %j', (content) => {
    const answer = answerOf(content);
    expect(boundedAnswer(answer, 10)).toEqual(answer);
  });

  it('says so, and keeps the rest of what it says', () => {
    expect(boundedAnswer(answerOf('0123456789x'), 10)).toEqual({
      ...answerOf('0123456789'),
      truncated: true,
    });
  });

  it('is text that can be encoded, and no shorter than it has to be', () => {
    const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const content = contentOf(answerOf(text), limit);
        expect(text.startsWith(content)).toBe(true);
        expect(Buffer.from(content).toString()).toBe(content);
        expect(content.length).toBeLessThanOrEqual(limit);
        expect(content.length).toBeGreaterThanOrEqual(Math.min(text.length, limit) - 1);
      }),
    );
  });

  it.each([
    ['the first of two characters', 'ab\ud7ff\ue000', 3, 'ab\ud7ff'],
    ['a character beyond the pairs', 'ab\ue000c', 3, 'ab\ue000'],
    ['the first pair there is', 'ab\u{10000}', 3, 'ab'],
    ['the last pair there is', 'ab\u{10ffff}', 3, 'ab'],
    ['the whole first pair', 'a\u{10000}b', 3, 'a\u{10000}'],
    ['a whole pair', 'a\u{1f600}b', 3, 'a\u{1f600}'],
  ])('ends at %s', (_, text, limit, left) => {
    expect(contentOf(answerOf(text), limit)).toBe(left);
  });

  it('is whole groups of base64, of bytes as they were', () => {
    const bytes = fc.uint8Array({ minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 4, max: 24 }), (whole, limit) => {
        const text = Buffer.from(whole).toString('base64');
        const content = contentOf(answerOf(text, 'base64'), limit);
        expect(content.length).toBe(limit - (limit % 4));
        const bytesLeft = Buffer.from(content, 'base64');
        expect(bytesLeft).toEqual(Buffer.from(whole.slice(0, (content.length / 4) * 3)));
      }),
    );
  });
});

describe('a failure that is cut short', () => {
  it('has both its message and its body cut', () => {
    expect(boundedFailure(failureOf('message', 'content'), 3)).toEqual(failureOf('mes', 'con'));
  });

  it('keeps what fits, and has no body where there was none', () => {
    const failure = failureOf('message', 'content');
    expect(boundedFailure(failure, 7)).toEqual(failure);
    expect(boundedFailure(failureOf('message', null), 3)).toEqual(failureOf('mes', null));
  });
});

describe('what lies beside the log', () => {
  const body = { size: 5_000, commitment: 'A'.repeat(43).concat('=') };

  it('is named with its place, whatever the limit', () => {
    const answer = { ...answerOf(''), body };
    expect(boundedAnswer(answer, 3)).toEqual({ ...answer, body: { ...body, at } });
    const failure = { ...failureOf('message', null), body };
    expect(boundedFailure(failure, 7)).toEqual({ ...failure, body: { ...body, at } });
  });
});
