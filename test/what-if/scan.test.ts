import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TriggerEntry } from '../../projections/registry.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import { arrivalStream, invocationIdOf, invocationStream } from '../../src/domain/ids.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { openStore } from '../../src/store/index.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import type { ArrivalRange } from '../../src/views/arrival-source.ts';
import { openViews } from '../../src/views/open-views.ts';
import type { JudgedPortion } from '../../src/what-if/judge.ts';
import { openScan } from '../../src/what-if/open-scan.ts';

const arrivals = 700;
const workspaceOf = (n: number) => (n % 10 === 9 ? 'other' : 'acme');
const topicOf = (n: number) => `orders.${n % 3}`;
const timeOf = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
const idOf = (n: number) => `arrival-id-${n}`;

type Write = () => Promise<unknown>;

/** What is appended at once, and what comes when all have arrived. */
const writes = (
  store: EventStore,
  n: number,
): Readonly<Record<'soon' | 'late', readonly Write[]>> => {
  const workspace = workspaceOf(n);
  const metadata = {
    ...{ workspace, actor: 'user:ann', occurredAt: timeOf(n), $correlationId: idOf(n) },
  };
  const arrived = {
    ...{ arrivalId: idOf(n), source: { kind: 'message', key: topicOf(n) }, deliveryId: null },
    ...{
      request: null,
      verification: null,
      body: { encoding: 'utf8', content: JSON.stringify({ n }) },
    },
  };
  const fact = (type: string, data: object, schemaVersion: number) => ({
    ...{ id: randomUUID(), type, data, metadata: { ...metadata, schemaVersion } },
  });
  const arrive = () =>
    store.append(arrivalStream(idOf(n)), 'no_stream', [fact('EventArrived', arrived, 2)]);
  if (n % 3 !== 0 && n % 5 !== 0) return { soon: [arrive], late: [] };
  const invocationId = invocationIdOf(idOf(n), 'supposed');
  const queued = {
    ...{ triggerId: 'supposed', functionId: 'f', arrivalId: idOf(n) },
    ...{
      triggerVersion: 1 + (n % 2),
      orderingKey: null,
      policy: defaultRetryPolicy,
      timeoutMs: 1_000,
    },
    retryOf: null,
  };
  const queueAs = (id: string) => () =>
    store.append(invocationStream(id), 'no_stream', [
      fact('InvocationQueued', { ...queued, invocationId: id }, 1),
    ]);
  const [queue, repeat] = [queueAs(invocationId), queueAs(`${invocationId} again`)];
  return n % 7 === 0
    ? { soon: [arrive], late: [queue, repeat] }
    : { soon: [arrive, queue, repeat], late: [] };
};

const opened = async (url: string) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tripline-what-if-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const store = await openStore(url, { dataDir, log: silentLogger });
  onTestFinished(() => store.close());
  const all = Array.from({ length: arrivals }, (_, n) => n);
  const asked = all.map((n) => writes(store, n));
  // Appended in the order in which they are asked for.
  for (const when of ['soon', 'late'] as const)
    await Promise.all(asked.flatMap((each) => each[when]).map((write) => write()));
  const [last] = await store.readAll({ direction: 'backwards', maxCount: 1 });
  const views = await openViews({ url, dataDir, store, log: silentLogger });
  onTestFinished(() => views.close());
  if (last === undefined) throw new TypeError('nothing was written');
  await views.reached(last.position, 60_000);
  const { documents } = await views.find('arrivals', { order: 'asc', limit: arrivals });
  const positionOf = (n: number): string => documents[n]?.position ?? '';
  return { views, store, positionOf, last: last.position };
};

const trigger = {
  ...{ entity: 'trigger', workspace: 'acme', name: 't', version: 1, functionId: 'f' },
  ...{ triggerId: 'supposed', executionType: 'message', status: 'active' },
  triggerMetadata: { topic: 'orders.0' },
} as unknown as TriggerEntry;

/** What it must come to, told in another way. */
const expected = (isInRange: (n: number) => boolean, isNew: boolean) => {
  const of = (fires: boolean, fired: boolean) =>
    Array.from({ length: arrivals }, (_, n) => n).filter(
      (n) =>
        workspaceOf(n) === 'acme' &&
        isInRange(n) &&
        (n % 3 === 0) === fires &&
        (!isNew && (n % 3 === 0 || n % 5 === 0)) === fired,
    ).length;
  return {
    ...{ wouldFire: of(true, false), noLongerFires: of(false, true) },
    ...{ notConcerned: of(false, false), still: of(true, true) },
  };
};

describe.each(['sqlite:', 'memory:'])('a scan of what %s has', (url) => {
  const scanned = async (
    { views, store, last }: Awaited<ReturnType<typeof opened>>,
    range: Partial<ArrivalRange>,
    isNew = false,
  ) => {
    const whole = { workspace: 'acme', toPosition: last, ...range };
    const scan = openScan({ views, store, kinds: triggerKinds }, whole, { trigger, isNew });
    const portions: JudgedPortion[] = [];
    for (let each = await scan.next(3); each !== undefined; each = await scan.next(3))
      portions.push(each);
    await scan.close(new TriplineError('internal', 'over'));
    const count = (member: 'wouldFire' | 'noLongerFires' | 'notConcerned') =>
      portions.reduce((sum, portion) => sum + portion[member], 0);
    const still = portions.flatMap(({ stillFires }) => stillFires);
    const counts = {
      ...{ wouldFire: count('wouldFire'), noLongerFires: count('noLongerFires') },
      ...{ notConcerned: count('notConcerned') },
      still: still.reduce((sum, each) => sum + each.count, 0),
    };
    return { portions, counts };
  };

  it('judges each arrival of the range once', async () => {
    const scene = await opened(url);
    const { positionOf } = scene;
    const { portions, counts } = await scanned(scene, {});
    expect(counts).toEqual(expected(() => true, false));
    expect(portions.at(-1)?.position).toBe(positionOf(arrivals - 2));
    expect(portions[0]?.sample.slice(0, 2)).toEqual([
      {
        ...{ arrivalId: idOf(0), position: positionOf(0), receivedAt: timeOf(0) },
        ...{ sourceKind: 'message', sourceKey: 'orders.0', change: 'still-fires' },
        sent: { version: 1, functionId: 'f' },
      },
      expect.objectContaining({ arrivalId: idOf(3), sent: { version: 2, functionId: 'f' } }),
    ]);
    expect((await scanned(scene, {}, true)).counts).toEqual(expected(() => true, true));

    const fromPosition = positionOf(100);
    const toPosition = positionOf(600);
    const between = await scanned(scene, { fromPosition, toPosition });
    expect(between.counts).toEqual(expected((n) => n >= 100 && n <= 600, false));
    const none = await scanned(scene, { workspace: 'nobody' });
    expect(none.portions).toEqual([]);
    expect(
      (await scanned(scene, { fromPosition: toPosition, toPosition: fromPosition })).portions,
    ).toEqual([]);
  }, 60_000);
});

it.each(['sqlite:', 'memory:'])(
  'asks a filter about the bodies that %s has',
  async (url) => {
    const { views, store, last } = await opened(url);
    const filter = { eventbridge: { payload: { n: [{ numeric: ['<', 90] }] } } };
    const filtered = { ...trigger, triggerMetadata: { topic: 'orders.0', filter } };
    const range = { workspace: 'acme', toPosition: last };
    const supposed = { trigger: filtered, isNew: true };
    const scan = openScan({ views, store, kinds: triggerKinds }, range, supposed);
    let count = 0;
    for (let each = await scan.next(0); each !== undefined; each = await scan.next(0))
      count += each.wouldFire;
    await scan.close(new TriplineError('internal', 'over'));
    const matching = Array.from({ length: 90 }, (_, n) => n).filter(
      (n) => workspaceOf(n) === 'acme' && n % 3 === 0,
    );
    expect(count).toBe(matching.length);
  },
  60_000,
);

it('ends at once where it is closed, and says why', async () => {
  const { views, store, last } = await opened('sqlite:');
  const range = { workspace: 'acme', toPosition: last };
  const scan = openScan({ views, store, kinds: triggerKinds }, range, { trigger, isNew: true });
  const waiting = scan.next(1);
  const closed = scan.close(new TriplineError('shutting-down', 'over'));
  await expect(waiting).rejects.toMatchObject({ code: 'shutting-down' });
  await closed;
  await expect(scan.next(1)).rejects.toMatchObject({ code: 'shutting-down' });
}, 60_000);

it('is refused where there are no views to scan', async () => {
  const { views, store, last } = await opened('sqlite:');
  const range = { workspace: 'acme', toPosition: last };
  const { shared } = views;
  if (shared === undefined) throw new TypeError('its views lie in a file');
  const gone = { find: views.find, shared: { ...shared, file: `${shared.file}.gone` } };
  const scan = openScan({ views: gone, store, kinds: triggerKinds }, range, {
    trigger,
    isNew: true,
  });
  await expect(scan.next(1)).rejects.toMatchObject({ name: 'TriplineError' });
  await scan.close(new TriplineError('internal', 'over'));
}, 60_000);
