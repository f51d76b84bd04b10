import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { coldProjections } from '../../projections/index.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { openStore } from '../../src/store/index.ts';
import { createHotViews } from '../../src/views/hot-views.ts';
import { openViews } from '../../src/views/open-views.ts';
import { positionOf, recorded } from './history.ts';
import { arrived, queued, started, succeeded, triggerRegistered } from './stories.ts';
import { appendTo, recordingLogger } from './view-engine-setup.ts';

const history = recorded([
  triggerRegistered('t1'),
  arrived('a1', '{"ref":"main"}'),
  queued('i1'),
  started('i1'),
  succeeded('i1'),
]);

const opened = async (url: string, log = silentLogger) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tripline-'));
  const store = await openStore(url, { dataDir, log });
  const options = { url, dataDir, store, log };
  const views = await openViews(options);
  onTestFinished(async () => {
    await views.close();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return { store, views, options, dataDir };
};

describe.each(['memory:', 'sqlite:'])('the views over %s', (url) => {
  it('show what was appended, as soon as it is reached', async () => {
    const { store, views } = await opened(url);
    await appendTo(store, history);
    await views.reached(positionOf(5));
    expect(await views.get('invocations', 'i1')).toMatchObject({ status: 'succeeded' });
    expect(await views.get('invocations', 'none')).toBeUndefined();
    const found = await views.find('invocations', { order: 'desc', limit: 1 });
    expect(found).toMatchObject({ documents: [{ invocationId: 'i1' }], next: null });
  });

  it('show to whoever asks what it has seen elsewhere', async () => {
    const { store, views } = await opened(url);
    const seen = positionOf(5);
    const query = { order: 'desc', limit: 1 } as const;
    await appendTo(store, history);
    const [got, found, audited] = await Promise.all([
      views.get('invocations', 'i1', seen),
      views.find('invocations', query, seen),
      views.audit({ workspace: 'acme', ...query }, seen),
    ]);
    expect(got).toMatchObject({ status: 'succeeded' });
    expect(found.documents).toMatchObject([{ status: 'succeeded' }]);
    expect(audited.events[0]?.position).toBe(seen);
  });

  it('catch up without being asked', async () => {
    const { store, views } = await opened(url);
    await appendTo(store, history);
    await expect
      .poll(async () => (await views.stats()).map(({ position }) => position))
      .toEqual(Array(Object.keys(coldProjections).length).fill(positionOf(5)));
  });

  it('give the audit whole events, bodies included', async () => {
    const { store, views } = await opened(url);
    await appendTo(store, history);
    await views.reached(positionOf(5));
    const { events } = await views.audit({ workspace: 'acme', order: 'asc', limit: 10 });
    const expected = history.map(({ recordedAt: _, ...event }) => event);
    expect(events).toMatchObject(expected);
  });

  it('keep the snapshot of the hot views', async () => {
    const { store, views } = await opened(url);
    await appendTo(store, history);
    await views.reached(positionOf(5));
    const hot = createHotViews({ log: silentLogger });
    hot.apply(history);
    await views.saveSnapshot(hot.capture());
    const snapshot = await views.loadSnapshot();
    expect(new Map(snapshot?.registry)).toEqual(new Map(hot.registry));
    expect(snapshot?.position).toBe(positionOf(5));
  });

  it('refuse with a code that says why', async () => {
    const { views } = await opened(url);
    await expect(views.reached(positionOf(9), 1)).rejects.toSatisfy((error) =>
      isTriplineError(error, 'store-unavailable'),
    );
    const query = { order: 'asc', limit: 1, after: '?' } as const;
    await expect(views.find('invocations', query)).rejects.toSatisfy((error) =>
      isTriplineError(error, 'validation-failed'),
    );
  });

  it('refuse every question once closed', async () => {
    const { views } = await opened(url);
    await views.close();
    await expect(views.get('invocations', 'i1')).rejects.toSatisfy((error) =>
      isTriplineError(error, 'store-unavailable'),
    );
    await views.close();
  });
});

it('go on where they were after a restart, and log what they do from their thread', async () => {
  const { log, messages } = recordingLogger();
  const { store, views, options, dataDir } = await opened('sqlite:', log);
  await appendTo(store, history);
  await views.reached(positionOf(5));
  await views.close();
  const again = await openViews(options);
  await again.reached(positionOf(5));
  expect(messages().filter((message) => message === 'view built')).toHaveLength(
    Object.keys(coldProjections).length,
  );
  await again.close();
  await writeFile(join(dataDir, 'views.db'), 'garbage'.repeat(2_000));
  const rebuilt = await openViews(options);
  await rebuilt.reached(positionOf(5));
  expect(await rebuilt.get('invocations', 'i1')).toBeDefined();
  expect(messages()).toContain('views database unusable, to be rebuilt');
  await rebuilt.close();
});
