import { expect, it } from 'vitest';
import { triggerKey } from '../../projections/registry.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import { createHotViews, type HotViewsOptions } from '../../src/views/hot-views.ts';
import { positionOf, recorded } from './history.ts';
import { cancelled, queued, started, succeeded, triggerRegistered } from './stories.ts';

const hot = (options: Partial<HotViewsOptions> = {}) =>
  createHotViews({ log: silentLogger, ...options });

it('knows the registry and the queue as of the last event applied', () => {
  const views = hot();
  views.apply(recorded([triggerRegistered('t1'), queued('i1'), queued('i2'), started('i2')]));
  expect([...views.registry.keys()]).toEqual([triggerKey('t1')]);
  expect([...views.queue.values()].map(({ status }) => status)).toEqual(['queued', 'running']);
  expect(views.position).toBe(positionOf(4));
});

it('captures what changed since the last capture, deletions too', () => {
  const views = hot();
  views.apply(recorded([queued('i1'), queued('i2')]));
  expect(views.capture().changed.queue.map(([key]) => key)).toEqual(['i1', 'i2']);
  views.apply(recorded([cancelled('i1')], 3));
  expect(views.capture()).toEqual({
    since: positionOf(2),
    position: positionOf(3),
    eventId: views.eventId,
    changed: { registry: [], queue: [['i1', null]], schedules: [], openReplays: [] },
  });
});

it('says nothing of what came and went between two captures', () => {
  const views = hot();
  views.apply(recorded([queued('i1')]));
  views.capture();
  views.apply(recorded([queued('i2'), started('i2'), succeeded('i2')], 2));
  expect(views.capture().changed.queue).toEqual([]);
  views.apply(recorded([started('i1'), succeeded('i1')], 5));
  expect(views.capture().changed.queue).toEqual([['i1', null]]);
});

it('captures a moment: what happens afterwards does not change it', () => {
  const views = hot();
  views.apply(recorded([queued('i1')]));
  const capture = views.capture();
  views.apply(recorded([started('i1')], 2));
  expect(capture.changed.queue[0]?.[1]?.status).toBe('queued');
});

it('captures everything anew after one that could not be saved', () => {
  const views = hot();
  views.apply(recorded([triggerRegistered('t1'), queued('i1')]));
  views.capture();
  views.putBack();
  const { since, changed } = views.capture();
  expect(since).toBe(beginning);
  expect(changed.registry).toHaveLength(1);
  expect(changed.queue).toHaveLength(1);
});

it('goes on from a snapshot as if it had never stopped', () => {
  const history = recorded([
    triggerRegistered('t1'),
    queued('i1'),
    queued('i2'),
    started('i1'),
    succeeded('i1'),
  ]);
  const whole = hot();
  whole.apply(history);
  const first = hot();
  first.apply(history.slice(0, 3));
  const second = hot({ snapshot: first });
  expect([second.position, second.eventId]).toEqual([first.position, first.eventId]);
  second.apply(history.slice(3));
  expect(second.queue).toEqual(whole.queue);
  expect(second.registry).toEqual(whole.registry);
});

it('tells whoever keeps an index what became of each document', () => {
  const seen: string[] = [];
  const views = hot({
    onQueue: (key, before, after) =>
      seen.push(`${key}: ${before?.status ?? 'none'} → ${after?.status ?? 'none'}`),
  });
  views.apply(recorded([queued('i1'), started('i1'), succeeded('i1')]));
  expect(seen).toEqual(['i1: none → queued', 'i1: queued → running', 'i1: running → none']);
});

it('tells nobody of an event that changes nothing', () => {
  const told: string[] = [];
  const views = hot({ onQueue: (key) => told.push(key) });
  views.apply(recorded([queued('i1'), cancelled('i1'), cancelled('i1'), cancelled('i2')]));
  expect(told).toEqual(['i1', 'i1']);
});

it('skips and counts what a later release wrote', () => {
  const views = hot();
  const future = { stream: 'x-1', fact: { type: 'FromTheFuture', data: {} } };
  views.apply(recorded([future, queued('i1'), queued('i2')]));
  expect(views.skipped).toBe(1);
  expect(views.queue.size).toBe(2);
});

it('sets an event aside that it cannot fold, with an alarm, and goes on', () => {
  const alarms: object[] = [];
  const views = hot({ log: { ...silentLogger, error: (fields) => alarms.push(fields) } });
  const [broken, ...rest] = recorded([queued('i0'), queued('i1')]);
  views.apply([{ ...broken!, data: null }, ...rest]);
  expect(views.poisoned).toBe(2);
  const position = positionOf(1);
  expect(alarms).toMatchObject([
    { view: 'queue', position },
    { view: 'openReplays', position },
  ]);
  expect([...views.queue.keys()]).toEqual(['i1']);
});

it('leaves a document as it was where an index cannot take the change, and goes on', () => {
  const heard: string[] = [];
  const views = hot({
    onQueue: (key, before, after) => {
      heard.push(`${key} ${before?.status ?? 'none'} ${after?.status ?? 'none'}`);
      if (after?.status === 'running') throw new Error('no room');
    },
  });
  views.apply(recorded([queued('i1'), started('i1'), queued('i2')]));
  expect(heard).toEqual(['i1 none queued', 'i1 queued running', 'i2 none queued']);
  expect([...views.queue.values()].map(({ status }) => status)).toEqual(['queued', 'queued']);
  expect([views.poisoned, views.position]).toEqual([1, positionOf(3)]);
});

it('has nothing of a document that an index could not take from the first', () => {
  const views = hot({
    onQueue: () => {
      throw new Error('no room');
    },
  });
  views.apply(recorded([queued('i1')]));
  expect(views.queue.size).toBe(0);
  expect(views.capture().changed.queue).toEqual([]);
});
