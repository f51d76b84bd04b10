import { type Attempt, type InvocationDocument, notEnded } from './invocations.ts';

const attemptAsOf = (attempt: Attempt, position: string): Attempt => {
  const { endPosition } = attempt;
  if (endPosition !== null && endPosition <= position) return attempt;
  const open = { endPosition: null, endedAt: null, durationMs: null, retryAt: null };
  return { ...attempt, ...open, outcome: 'running', status: null, failure: null };
};

/** What is said once it has ended, and of a retry. */
const nothingYet = {
  ...{ endPosition: notEnded, finishedAt: null, result: null, reason: null, retriedAs: [] },
} as const;

const openAsOf = (document: InvocationDocument, position: string): InvocationDocument => {
  const attempts = document.attempts
    .filter((attempt) => attempt.position <= position)
    .map((attempt) => attemptAsOf(attempt, position));
  const last = attempts.at(-1);
  const common = { ...document, ...nothingYet, attempts, attempt: last?.attempt ?? 0 };
  if (last === undefined) {
    const lastPosition = document.position;
    return { ...common, status: 'queued', lastPosition, startedAt: null, dueAt: null };
  }
  const status = last.endPosition === null ? 'running' : 'waiting';
  const lastPosition = last.endPosition ?? last.position;
  return { ...common, status, lastPosition, dueAt: last.retryAt };
};

/** What its facts up to there come to; undefined where the document has too little left to tell. */
export const invocationAsOf = (
  document: InvocationDocument,
  position: string,
): InvocationDocument | undefined => {
  const { lastPosition, endPosition, attempts, attempt } = document;
  if (lastPosition <= position) return document;
  // When it was retried is not kept, nor are more attempts than a hundred.
  if (endPosition <= position || attempts.length < attempt) return undefined;
  return openAsOf(document, position);
};
