import { expect, it } from 'vitest';
import { openReplays } from '../../projections/open-replays.ts';
import { replays } from '../../projections/replays.ts';
import type { Fact } from '../../src/domain/events.ts';
import { replayStream } from '../../src/domain/ids.ts';
import { replayFacts, replayOrder } from '../domain/examples.ts';
import { instantOf, positionOf, recorded, type Written } from '../views/history.ts';
import { queued, succeeded } from '../views/stories.ts';
import { folded } from './folding.ts';

const id = 'replay-1';
const on = (fact: Fact): Written => ({ stream: replayStream(id), fact });
const [requested, begun, counted, advanced, paused, resumed, completed, cancelled, failed] =
  replayFacts.map(on) as Written[] & { length: 9 };
const delivered = (invocationId: string) => queued(invocationId, { replay: { id, repeats: null } });
const facts = (...some: (Written | undefined)[]) => recorded(some.flatMap((one) => one ?? []));

const openAfter = (...some: (Written | undefined)[]) =>
  folded(openReplays, facts(...some)).documents[id];
const documentAfter = (...some: (Written | undefined)[]) =>
  folded(replays, facts(...some)).documents[id];

it('what a runner goes by is where it is, and what it has queued from there', () => {
  expect(openAfter(requested)).toMatchObject({
    ...{ replayId: id, workspace: 'acme', status: 'requested', order: replayOrder },
    ...{ position: replayOrder.after, queued: [], requestedBy: facts(requested)[0]?.id },
  });
  const running = [requested, begun, counted, delivered('i1'), queued('other'), delivered('i2')];
  expect(openAfter(...running)).toMatchObject({ status: 'running', queued: ['i1', 'i2'] });
  expect(openAfter(...running, advanced, delivered('i3'))).toMatchObject({
    ...{ position: '0004', queued: ['i3'] },
  });
  expect(openAfter(...running, paused)).toMatchObject({ status: 'paused', queued: ['i1', 'i2'] });
  expect(openAfter(...running, paused, resumed)).toMatchObject({ status: 'running' });
  for (const end of [completed, cancelled, failed])
    expect(openAfter(...running, end)).toBe(undefined);
});

it('what is shown is its order, its counts and its end', () => {
  expect(documentAfter(requested)).toEqual({
    ...{ replayId: id, workspace: 'acme', position: positionOf(1), order: replayOrder },
    ...{ status: 'requested', planned: null, queued: 0, skipped: {}, reached: null },
    ...{ createdBy: 'user:ada', createdAt: instantOf(1), finishedAt: null, reason: null },
  });
  const twice = [requested, begun, counted, delivered('i1'), succeeded('i1'), advanced, advanced];
  expect(documentAfter(...twice, delivered('i2'))).toMatchObject({
    planned: { arrivals: 2, invocations: 1 },
    ...{ queued: 2, skipped: { succeeded: 2 }, reached: '0004', status: 'running' },
  });
  expect(documentAfter(...twice, completed)).toMatchObject({
    ...{ status: 'completed', finishedAt: instantOf(8), reason: null },
  });
  expect(documentAfter(requested, cancelled)).toMatchObject({ reason: 'by ann' });
  expect(documentAfter(requested, failed)).toMatchObject({ status: 'failed' });
});
