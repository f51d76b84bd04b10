import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TriggerEntry } from '../projections/registry.ts';
import { systemChance } from '../src/domain/chance.ts';
import type { Fact } from '../src/domain/events.ts';
import { arrivalIdOf, arrivalStream, invocationIdOf, invocationStream } from '../src/domain/ids.ts';
import { silentLogger } from '../src/domain/logger.ts';
import { nameOf } from '../src/domain/payload-name.ts';
import type { Position } from '../src/domain/position.ts';
import { defaultRetryPolicy } from '../src/domain/retry-policy.ts';
import { salted } from '../src/domain/salted-bytes.ts';
import type { EventStore, NewPayload } from '../src/store/event-store.ts';
import type { Views } from '../src/views/views.ts';
import type { Supposed } from '../src/what-if/scan.ts';
import { built } from './built.ts';
import type { Finding, Part } from './part.ts';

const arrivals = 100_000;
const atOnce = 1_000;
const workspace = 'default';
const triggerId = randomUUID();
const functionId = randomUUID();

const modules = async () => ({
  ...(await built<typeof import('../src/store/index.ts')>('store/index')),
  ...(await built<typeof import('../src/views/open-views.ts')>('views/open-views')),
  ...(await built<typeof import('../src/what-if/open-scan.ts')>('what-if/open-scan')),
  ...(await built<typeof import('../src/triggers/index.ts')>('triggers/index')),
});

const append = (
  store: EventStore,
  stream: string,
  fact: Fact,
  version: number,
  payloads: readonly NewPayload[] = [],
) =>
  store.append(stream, 'no_stream', [
    {
      id: randomUUID(),
      ...fact,
      payloads,
      metadata: {
        ...{ workspace, actor: 'sender:github', occurredAt: new Date().toISOString() },
        ...{ schemaVersion: version, $correlationId: stream, $causationId: randomUUID() },
      },
    },
  ]);

/** One that arrived, and what the trigger that listens there made of it. */
const deliver = async (store: EventStore, n: number): Promise<void> => {
  const arrivalId = arrivalIdOf(workspace, 'webhook', String(n));
  const source = { kind: 'webhook', key: 'path/7' };
  const request = { method: 'POST', path: `/${source.key}`, query: {}, headers: {}, remote: '' };
  const text = JSON.stringify({ n, text: 'x'.repeat(900) });
  const payload = salted(Buffer.from(text), systemChance);
  const body = nameOf(payload);
  const arrived = { arrivalId, source, deliveryId: String(n), request, verification: null, body };
  await append(store, arrivalStream(arrivalId), { type: 'EventArrived', data: arrived }, 2, [
    { ...payload, fact: 0 },
  ]);
  const invocationId = invocationIdOf(arrivalId, triggerId);
  const data = {
    ...{ invocationId, triggerId, functionId, arrivalId, triggerVersion: 1, orderingKey: null },
    ...{ policy: defaultRetryPolicy, timeoutMs: 15_000, retryOf: null },
  };
  await append(store, invocationStream(invocationId), { type: 'InvocationQueued', data }, 1);
};

const fill = async (store: EventStore): Promise<Position> => {
  for (let from = 0; from < arrivals; from += atOnce)
    await Promise.all(Array.from({ length: atOnce }, (_, n) => deliver(store, from + n)));
  const [last] = await store.readAll({ direction: 'backwards', maxCount: 1 });
  if (last === undefined) throw new Error('nothing was written');
  return last.position;
};

const trigger: TriggerEntry = {
  ...{ entity: 'trigger', workspace, triggerId, functionId, name: 'supposed', description: null },
  ...{ executionType: 'webhook', triggerMetadata: { path: '/path/7' }, isSystem: false },
  ...{ status: 'active', reason: null, version: 1, revision: 0 },
  ...{ createdBy: '', createdAt: '', updatedBy: '', updatedAt: '' },
};

/** Of everything that arrived it wants a part, by what is in the bodies. */
const filter = { eventfilter: { payload: { n: [{ $gt: 50_000 }] } } };
const filtered = { ...trigger, triggerMetadata: { ...trigger.triggerMetadata, filter } };

const suppositions: Readonly<Record<string, Supposed>> = {
  'a new trigger': { trigger, isNew: true },
  'a trigger that everything fired': { trigger, isNew: false },
  'a new trigger that looks into bodies': { trigger: filtered, isNew: true },
};

const scanned = async (
  { openScan, triggerKinds }: Awaited<ReturnType<typeof modules>>,
  { views, store }: { readonly views: Views; readonly store: EventStore },
  toPosition: Position,
  supposed: Supposed,
): Promise<Omit<Finding, 'what'>> => {
  const start = performance.now();
  const range = { workspace, toPosition };
  const scan = openScan({ views, store, kinds: triggerKinds }, range, supposed);
  let count = 0;
  let begun = start;
  for (let portion = await scan.next(0); portion !== undefined; portion = await scan.next(0)) {
    if (count === 0) begun = performance.now();
    count += portion.scanned;
  }
  const end = performance.now();
  await scan.close(new Error('over'));
  if (count !== arrivals) throw new Error(`${count} arrivals where there should be ${arrivals}`);
  return {
    seconds: (end - start) / 1_000,
    'arrivals/s': count / ((end - start) / 1_000),
    'first portion after ms': begun - start,
  };
};

const run = async (): Promise<readonly Finding[]> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tripline-what-if-'));
  try {
    const loaded = await modules();
    const url = 'sqlite:';
    const store = await loaded.openStore(url, { dataDir, log: silentLogger });
    const last = await fill(store);
    const views = await loaded.openViews({ url, dataDir, store, log: silentLogger });
    await views.reached(last, 600_000);
    const { documents } = await views.find('arrivals', { order: 'desc', limit: 1 });
    const to = (documents[0]?.position ?? last) as Position;
    const findings: Finding[] = [];
    for (const round of ['first', 'second'])
      for (const [what, supposed] of Object.entries(suppositions)) {
        const found = await scanned(loaded, { views, store }, to, supposed);
        findings.push({ what: `${what}, ${round} time`, ...found });
      }
    await views.close();
    await store.close();
    return findings;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

export const whatIf: Part = {
  name: 'what-if',
  title: 'What another trigger would have made of 100 000 arrivals',
  aim: 'at least 100 000 arrivals/s for a change that needs no body, 30 000 for one that does',
  run,
};
