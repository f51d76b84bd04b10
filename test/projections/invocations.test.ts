import { expect, it } from 'vitest';
import { invocations } from '../../projections/invocations.ts';
import { instantOf, positionOf, recorded, type Written } from '../views/history.ts';
import {
  cancelled,
  dead,
  failed,
  lost,
  queued,
  retried,
  started,
  succeeded,
} from '../views/stories.ts';
import { folded } from './folding.ts';

const documentAfter = (...history: readonly Written[]) =>
  Object.values(folded(invocations, recorded(history)).documents)[0];

it('begins queued, at its place in the log', () => {
  expect(documentAfter(queued('i1', { triggerVersion: 3, orderingKey: 'k' }))).toMatchObject({
    invocationId: 'i1',
    workspace: 'acme',
    triggerVersion: 3,
    orderingKey: 'k',
    correlationId: 'story',
    status: 'queued',
    position: positionOf(1),
    queuedAt: instantOf(1),
    startedAt: null,
    attempts: [],
  });
});

it('tells each attempt with its times and what came of it', () => {
  const document = documentAfter(
    queued('i1'),
    started('i1', 1),
    failed('i1', 1),
    started('i1', 2),
    lost('i1', 2),
    started('i1', 3),
    succeeded('i1', 3, 'fine'),
  );
  expect(document?.attempts).toMatchObject([
    { attempt: 1, startedAt: instantOf(2), endedAt: instantOf(3), outcome: 'failed', status: 500 },
    { attempt: 2, startedAt: instantOf(4), endedAt: instantOf(5), outcome: 'lost', failure: null },
    { attempt: 3, startedAt: instantOf(6), outcome: 'succeeded', durationMs: 12.5, status: 200 },
  ]);
  expect(document).toMatchObject({
    status: 'succeeded',
    startedAt: instantOf(2),
    finishedAt: instantOf(7),
    dueAt: null,
    attempt: 3,
    result: { status: 200, body: { content: 'fine' } },
  });
});

it.each([failed('i1'), lost('i1')])('says when a waiting one is due', (ending) => {
  expect(documentAfter(queued('i1'), started('i1'), ending)).toMatchObject({
    status: 'waiting',
    dueAt: instantOf(2_000),
    finishedAt: null,
  });
});

it.each([
  ['dead', dead('i1')],
  ['cancelled', cancelled('i1', 1)],
  ['running', started('i1', 2)],
] as const)('is not due any more once it is %s', (status, next) => {
  const document = documentAfter(queued('i1'), started('i1'), failed('i1'), next);
  expect(document).toMatchObject({ status, dueAt: null });
});

it('keeps a lost attempt lost when the invocation dies of it', () => {
  const document = documentAfter(queued('i1'), started('i1'), lost('i1'), dead('i1'));
  expect(document).toMatchObject({ status: 'dead', reason: 'attempts-exhausted' });
  expect(document?.attempts.map(({ outcome }) => outcome)).toEqual(['lost']);
});

it('ends a running attempt with the invocation', () => {
  const outcomes = (end: Written) =>
    documentAfter(queued('i1'), started('i1'), end)?.attempts.map(({ outcome }) => outcome);
  expect(outcomes(dead('i1'))).toEqual(['failed']);
  expect(outcomes(cancelled('i1', 1))).toEqual(['cancelled']);
});

it('stays as it ended when it is retried, and names what repeats it', () => {
  const document = documentAfter(queued('i1'), cancelled('i1'), retried('i1', 'i2'));
  expect(document).toMatchObject({ status: 'cancelled', retriedAs: ['i2'] });
});

it('names the last hundred of what repeats it', () => {
  const ids = Array.from({ length: 105 }, (_, n) => `again-${n}`);
  const document = documentAfter(queued('i1'), dead('i1'), ...ids.map((id) => retried('i1', id)));
  expect(document?.retriedAs).toEqual(ids.slice(-100));
});

it('is bounded, however long the answers and however many the attempts', () => {
  const long = 'x'.repeat(200_000);
  const attempts = Array.from({ length: 150 }, (_, n) => [
    started('i1', n + 1),
    failed('i1', n + 1, long),
  ]).flat();
  const document = documentAfter(
    queued('i1'),
    ...attempts,
    started('i1', 151),
    succeeded('i1', 151, long),
  );
  expect(JSON.stringify(document).length).toBeLessThan(200_000);
  expect(document?.attempts).toHaveLength(100);
  expect(document?.attempt).toBe(151);
  expect(document?.result).toMatchObject({ truncated: true });
});

it('never cuts a body in the middle of a character', () => {
  const document = documentAfter(
    queued('i1'),
    started('i1'),
    succeeded('i1', 1, `x${'😀'.repeat(20_000)}`),
  );
  expect(document?.result?.body).toEqual({
    encoding: 'utf8',
    content: expect.stringMatching(/^x.*😀$/u),
  });
});
