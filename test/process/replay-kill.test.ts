import { afterEach, expect, it } from 'vitest';
import { isFact } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { openStore } from '../../src/store/index.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { type Api, apiOf } from './api.ts';
import { openFunctionEndpoint } from './function-endpoint.ts';
import { startLiveLoad } from './live-load.ts';
import { createLiveReader } from './live-reader.ts';
import { wholeLog } from './log-of.ts';
import { type Scratch, scratch } from './scratch.ts';
import { startServer } from './server-process.ts';
import { until } from './until.ts';

/** Enough for a kill in every part of it; a campaign takes ten thousand. */
const { TRIPLINE_REPLAYED = '400' } = process.env;
const events = Number(TRIPLINE_REPLAYED);
const kills = 5;
const senders = 32;
const patienceMs = 60_000 + events * 30;

let resources: Scratch = scratch();
afterEach(async () => {
  await resources[Symbol.asyncDispose]();
  resources = scratch();
});

interface Counts {
  readonly queued: number;
  readonly succeeded: number;
}

const publish = async (api: Api): Promise<Set<unknown>> => {
  const ids = new Set<unknown>();
  let left = events;
  const send = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const content = { n: left };
      const answer = await api.ask('POST', 'messages', { topic: 'a', sender: 'me', content });
      ids.add(answer['event_id']);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return ids;
};

const hasEnded = async (api: Api): Promise<boolean> => {
  for (const status of ['queued', 'running', 'waiting']) {
    const page = await api.ask('GET', `invocations?status=${status}&limit=1`);
    if ((page['invocations'] as unknown[]).length > 0) return false;
  }
  return true;
};

/** What came in at the topic, each as it was given to the trigger, in the order in which it was queued. */
const givenTo = (log: readonly StoredEvent[], triggerId: unknown) =>
  log.flatMap((fact) =>
    isFact(fact, 'InvocationQueued') && fact.data.triggerId === triggerId
      ? [{ arrivalId: fact.data.arrivalId, replayId: fact.data.replay?.id }]
      : [],
  );

const arrivedIn = (log: readonly StoredEvent[]): readonly string[] =>
  log.flatMap((fact) => (isFact(fact, 'EventArrived') ? [fact.data.arrivalId] : []));

it(
  `a replay and a late trigger of ${events} events, killed ${kills} times, are given each of them once, and followed live without gap`,
  async () => {
    const dataDir = await resources.directory();
    let isRepaired = false;
    const endpoint = resources.use(
      await openFunctionEndpoint(() => ({ status: isRepaired ? 200 : 400 })),
    );
    const env = { TRIPLINE_LOG_LEVEL: 'warn', TRIPLINE_ALLOW_PRIVATE_TARGETS: 'true' };
    const start = async () => resources.use(await startServer({ dataDir, env }));
    let server = await start();
    let api = apiOf(server);
    using live = createLiveReader(api.workspace);
    await live.follow(server);
    const retry = { maxAttempts: 20, initialDelayMs: 1, maxDelayMs: 1 };
    const made = { name: 'f', type: 'http', url: endpoint.url, concurrency: 256, retry };
    const { id: functionId } = await api.ask('POST', 'compute-functions', made);
    await api.ask('POST', 'function-triggers', {
      ...{ name: 't', functionId, executionType: 'message', triggerMetadata: { topic: 'a' } },
    });
    const arrived = await publish(api);
    await until('everything has ended dead', () => hasEnded(api), patienceMs);
    isRepaired = true;
    const { id } = await api.ask('POST', 'replays', { concurrency: 128 });
    const load = startLiveLoad('b', () => api, 2);
    const triggerMetadata = { topic: '**', concurrency: 32 };
    const late = await api.ask('POST', 'function-triggers', {
      ...{ name: 'late', functionId, executionType: 'message', triggerMetadata },
      startFrom: { position: '0' },
    });
    const counts = async () => (await api.ask('GET', `replays/${id}`))['counts'] as Counts;
    for (let kill = 1; kill <= kills; kill += 1) {
      // The first one comes at the seam.
      const enough = ((kill - 1) * events) / (kills + 1);
      const isThere = async () => (await counts()).queued >= enough;
      await until(`${enough} are queued`, isThere, patienceMs);
      await server.kill();
      server = await start();
      api = apiOf(server);
      await live.follow(server);
    }
    const isComplete = async () =>
      (await api.ask('GET', `replays/${id}`))['status'] === 'completed';
    await until('the replay is complete', isComplete, patienceMs);
    const hasCaughtUp = async () => {
      const { catchUp } = await api.ask('GET', `function-triggers/${late.id}`);
      return (catchUp as { readonly status: string }).status === 'over';
    };
    await until('the late trigger has caught up', hasCaughtUp, patienceMs);
    const sent = await load.stop();
    await until('everything has ended', () => hasEnded(api), patienceMs);
    expect(await counts()).toMatchObject({ planned: events, queued: events, succeeded: events });
    const { events: newest } = await api.ask('GET', 'audit?limit=1');
    const [{ position: end }] = newest as [{ position: string }];
    await until('all was told live', () => live.seen.at(-1) === end, patienceMs);
    expect(await server.stop()).toEqual({ code: 0, signal: null });

    const store = await openStore('sqlite:', { dataDir });
    const log = await wholeLog(store);
    await store.close();
    const told = log
      .filter(({ metadata }) => metadata.workspace === api.workspace)
      .map(({ position }) => String(position))
      .filter((position) => position >= (live.seen[0] ?? '') && position <= end);
    expect(live.seen).toEqual(told);
    const delivered = log.flatMap((fact) =>
      isFact(fact, 'InvocationQueued') && fact.data.replay?.id === id ? [fact.data.arrivalId] : [],
    );
    expect(delivered).toHaveLength(events);
    expect(new Set<unknown>(delivered)).toEqual(arrived);
    const given = givenTo(log, late.id);
    expect(arrivedIn(log)).toHaveLength(events + sent);
    expect(given).toHaveLength(events + sent);
    const givenIds = new Set(given.map(({ arrivalId }) => arrivalId));
    expect(givenIds).toEqual(new Set(arrivedIn(log)));
    const past = given.filter(({ replayId }) => replayId !== undefined);
    const inOrder = arrivedIn(log).slice(0, past.length);
    expect(past.map(({ arrivalId }) => arrivalId)).toEqual(inOrder);
    expect(past.length).toBeGreaterThanOrEqual(events);
    expect(brokenPromises(log, { settled: true })).toEqual([]);
  },
  120_000 + events * 90,
);
