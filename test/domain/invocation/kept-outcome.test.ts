import { describe, expect, it } from 'vitest';
import { systemChance } from '../../../src/domain/chance.ts';
import {
  answerIn,
  keptOutcome,
  longestInFact,
  withoutAnswer,
} from '../../../src/domain/invocation/kept-outcome.ts';
import type { CallOutcome } from '../../../src/domain/invocation/outcome.ts';
import type { Payload } from '../../../src/domain/payload.ts';
import { isNamed, PayloadName } from '../../../src/domain/payload-name.ts';
import { answer, timeout } from '../examples.ts';

const text = (content: string): Payload => ({ encoding: 'utf8', content });
const success = (body: Payload): CallOutcome => ({
  ...{ ok: true, durationMs: 3 },
  answer: { ...answer, body },
});
const failure = (body: Payload | null): CallOutcome => ({
  ...{ ok: false, durationMs: 3, retryAfterMs: 7 },
  failure: { ...timeout, status: 500, body },
});
const sorts = [
  ['an answer', success],
  ['a failure', failure],
] as const;

describe.each(sorts)('%s', (_, outcomeOf) => {
  it.each([
    ['text', text('x'.repeat(longestInFact))],
    ['text of fewer characters than bytes', text('é'.repeat(longestInFact / 2))],
    ['bytes', { encoding: 'base64', content: Buffer.alloc(longestInFact).toString('base64') }],
    ['nothing', text('')],
  ] as const)('of %s stays in the fact while it is short', (_, body) => {
    const outcome = outcomeOf(body);
    expect(keptOutcome(outcome, longestInFact, systemChance)).toEqual({ outcome });
  });

  it.each([
    ['text', text('x'.repeat(longestInFact + 1))],
    ['text of fewer characters than bytes', text('é'.repeat(longestInFact / 2 + 1))],
    ['bytes', { encoding: 'base64', content: Buffer.alloc(longestInFact + 1).toString('base64') }],
  ] as const)('of %s is named where it is longer, and all else stays', (_, body) => {
    const { outcome, payload } = keptOutcome(outcomeOf(body), longestInFact, systemChance);
    const name = PayloadName.parse(answerIn(outcome));
    expect(payload && isNamed(name, payload)).toBe(true);
    expect(Buffer.from(payload?.bytes ?? []).toString(body.encoding)).toBe(body.content);
    const bare = JSON.stringify(outcomeOf(body)).replace(
      JSON.stringify(body),
      JSON.stringify(name),
    );
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(JSON.parse(bare));
  });

  it('has other names for the same bytes', () => {
    const names = [1, 2].map(() =>
      answerIn(
        keptOutcome(outcomeOf(text('x'.repeat(9_000))), longestInFact, systemChance).outcome,
      ),
    );
    expect(names[0]).not.toEqual(names[1]);
  });

  it('is named however short it is where nothing is to stay, unless it is nothing', () => {
    expect(keptOutcome(outcomeOf(text('x')), 0, systemChance).payload?.bytes).toHaveLength(1);
    expect(keptOutcome(outcomeOf(text('')), 0, systemChance).payload).toBeUndefined();
  });
});

it('has nothing to name where nobody answered', () => {
  expect(keptOutcome(failure(null), 0, systemChance)).toEqual({ outcome: failure(null) });
});

describe('an outcome without its answer', () => {
  it('says as much as before, and that there was more', () => {
    expect(withoutAnswer(success(text('echo')))).toEqual({
      ...success(text('')),
      answer: { ...answer, body: text(''), truncated: true },
    });
    expect(withoutAnswer(failure(text('echo')))).toEqual(failure(null));
  });

  it.each([success(text('')), failure(null)])('is the same where there was none', (outcome) => {
    expect(withoutAnswer(outcome)).toBe(outcome);
  });
});
