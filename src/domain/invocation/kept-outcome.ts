import type { Chance } from '../chance.ts';
import type { KeptAnswer } from '../facts/answer.ts';
import { bytesOf, type Payload } from '../payload.ts';
import { nameOf } from '../payload-name.ts';
import { type SaltedBytes, salted } from '../salted-bytes.ts';
import type { CallOutcome, KeptOutcome } from './outcome.ts';

/** In bytes: a longer answer lies beside the log, so that no turn, list, fold or rebuild touches it. */
export const longestInFact = 4_096;

export interface Kept {
  readonly outcome: KeptOutcome;
  /** The answer that the outcome names. */
  readonly payload?: SaltedBytes;
}

/** What the target answered, wherever it is kept. */
export const answerIn = (outcome: KeptOutcome): KeptAnswer['body'] | null =>
  outcome.ok ? outcome.answer.body : outcome.failure.body;

const answerOf = (outcome: CallOutcome): Payload | null =>
  outcome.ok ? outcome.answer.body : outcome.failure.body;

const sizeOf = ({ content, encoding }: Payload): number => Buffer.byteLength(content, encoding);

const answering = (outcome: CallOutcome, body: KeptAnswer['body']): KeptOutcome =>
  outcome.ok
    ? { ...outcome, answer: { ...outcome.answer, body } }
    : { ...outcome, failure: { ...outcome.failure, body } };

/** How an outcome is recorded; `longest` is what its fact may hold of the answer, in bytes. */
export const keptOutcome = (
  outcome: CallOutcome,
  longest: number,
  chance: Pick<Chance, 'bytes'>,
): Kept => {
  const body = answerOf(outcome);
  if (body === null || sizeOf(body) <= longest) return { outcome };
  const payload = salted(bytesOf(body), chance);
  return { outcome: answering(outcome, nameOf(payload)), payload };
};

const nothing: Payload = { encoding: 'utf8', content: '' };

/** The same without a byte of the answer, for whom it must not be kept any more. */
export const withoutAnswer = (outcome: CallOutcome): CallOutcome => {
  const body = answerOf(outcome);
  if (body === null || body.content === '') return outcome;
  return outcome.ok
    ? { ...outcome, answer: { ...outcome.answer, body: nothing, truncated: true } }
    : { ...outcome, failure: { ...outcome.failure, body: null } };
};
