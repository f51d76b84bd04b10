import { expect, it } from 'vitest';
import { queue } from '../../projections/queue.ts';
import { instantOf, positionOf, recorded, type Written } from '../views/history.ts';
import { cancelled, dead, failed, lost, queued, started, succeeded } from '../views/stories.ts';
import { folded } from './folding.ts';

const eventsOf = (history: readonly Written[]) => recorded(history);
const entryAfter = (...history: readonly Written[]) =>
  folded(queue, eventsOf(history)).documents['i1'];

it('holds what a start needs from the moment it is queued', () => {
  const history = [queued('i1', { orderingKey: 'k', timeoutMs: 9 })];
  expect(entryAfter(...history)).toMatchObject({
    invocationId: 'i1',
    workspace: 'acme',
    orderingKey: 'k',
    timeoutMs: 9,
    correlationId: 'story',
    queuedAt: positionOf(1),
    factId: eventsOf(history)[0]?.id,
    status: 'queued',
    attempt: 0,
    attemptId: null,
    claimedBy: null,
    leaseUntil: null,
    dueAt: null,
  });
});

it('tells whose lease a running one is under, and until when', () => {
  expect(entryAfter(queued('i1'), started('i1', 1))).toMatchObject({
    status: 'running',
    attempt: 1,
    attemptId: 'i1/1',
    claimedBy: 'owner',
    leaseUntil: instantOf(1_000),
    dueAt: null,
  });
});

it.each([
  ['failed', failed('i1', 1)],
  ['lost', lost('i1', 1)],
])("waits for its time under nobody's lease when an attempt is %s", (_, ending) => {
  expect(entryAfter(queued('i1'), started('i1', 1), ending)).toMatchObject({
    status: 'waiting',
    attempt: 1,
    claimedBy: null,
    leaseUntil: null,
    dueAt: instantOf(2_000),
  });
});

it('is not due any more once the next attempt runs', () => {
  const again = entryAfter(queued('i1'), started('i1', 1), failed('i1', 1), started('i1', 2));
  expect(again).toMatchObject({ status: 'running', attempt: 2, dueAt: null });
});

it('knows the last fact, whatever it is: what comes next is caused by it', () => {
  const history = [queued('i1'), started('i1'), lost('i1'), started('i1', 2), failed('i1', 2)];
  for (let length = 1; length <= history.length; length += 1) {
    const told = history.slice(0, length);
    expect(entryAfter(...told)?.factId).toBe(eventsOf(told).at(-1)?.id);
  }
});

it.each([
  ['succeeded', succeeded('i1')],
  ['is dead', dead('i1')],
  ['was cancelled', cancelled('i1', 1)],
])('lets go of what %s', (_, end) => {
  expect(entryAfter(queued('i1'), started('i1'), end)).toBeUndefined();
});
