import { setTimeout as wait } from 'node:timers/promises';
import { startLoad, startTarget } from './bench-processes.ts';
import { finishedPerSecond } from './end-to-end.ts';
import { fromPostToCall } from './latency.ts';
import type { Finding, Part } from './part.ts';
import { medianOf, type Percentiles } from './percentiles.ts';
import { type Product, startProduct } from './product.ts';

const rounds = 5;
const lookMs = 50;

interface Redelivered {
  readonly perSecond: number;
  readonly queued: number;
}

/** From the request to its last outcome, all that arrived since then. */
const redeliver = async ({ api }: Product, since: string): Promise<Redelivered> => {
  const range = { from: { time: since } };
  const begun = performance.now();
  const { id } = await api.ask('POST', 'replays', { range, mode: 'force', concurrency: 256 });
  for (;;) {
    const { status, counts } = await api.ask('GET', `replays/${id}`);
    const seconds = (performance.now() - begun) / 1_000;
    const { queued } = counts as { readonly queued: number };
    if (status === 'completed') return { perSecond: queued / seconds, queued };
    if (status !== 'requested' && status !== 'counting' && status !== 'running')
      throw new Error(`the replay is ${status}`);
    await wait(lookMs);
  }
};

/** Asks what another name would have changed for all that ever arrived, again and again. */
const keepAsking = ({ server, api }: Product, triggerId: unknown) => {
  const stop = new AbortController();
  let scanned = 0;
  let answered = 0;
  const ask = async (): Promise<void> => {
    const answer = await fetch(`${server.url}/workspace/${api.workspace}/api/v1/what-if`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ trigger: triggerId, definition: { name: 'another' }, limit: 0 }),
      signal: stop.signal,
    });
    const sum = JSON.parse((await answer.text()).trimEnd().split('\n').at(-1) ?? '{}');
    if (sum.line !== 'sum') throw new Error(`what-if ended with ${JSON.stringify(sum)}`);
    scanned += sum.scanned;
    answered += 1;
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted)
      await ask().catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
  };
  const over = loop();
  return async () => {
    stop.abort();
    await over;
    return { scanned, answered };
  };
};

const finding = (what: string, results: readonly Percentiles[], more: object = {}): Finding => ({
  what,
  'p50 ms': medianOf(results.map(({ p50 }) => p50)),
  'p99 ms': medianOf(results.map(({ p99 }) => p99)),
  ...more,
});

export const history: Part = {
  name: 'history',
  title: 'What arrived delivered again, and 50 events per second beside a what-if over all of it',
  aim: 'delivered again ≥ 0.8 of what is finished live; p99 beside a what-if ≤ 1.2 of alone',
  run: async () => {
    await using target = await startTarget();
    await using load = await startLoad();
    target.onNews((called) => load.tell(called));
    const port = await target.ask('listen', { markers: false });
    await using product = await startProduct({ target: port });
    const live: number[] = [];
    const again: Redelivered[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const since = new Date().toISOString();
      live.push((await finishedPerSecond(load, target, product.sender)).perSecond);
      again.push(await redeliver(product, since));
    }
    const ratios = again.map(({ perSecond }, round) => perSecond / (live[round] ?? 0));

    await target.ask('watch', { markers: true });
    const triggers = await product.api.list('function-triggers', 'triggers');
    const trigger = triggers.find(({ name }) => name === 'bench');
    const alone: Percentiles[] = [];
    const beside: Percentiles[] = [];
    let asked = { scanned: 0, answered: 0 };
    for (let round = 0; round < 3; round += 1) {
      alone.push(await fromPostToCall(load, target, product.sender));
      const stop = keepAsking(product, trigger?.id);
      beside.push(await fromPostToCall(load, target, product.sender));
      const { scanned, answered } = await stop();
      asked = { scanned: asked.scanned + scanned, answered: asked.answered + answered };
    }
    const slower = beside.map(({ p99 }, round) => p99 / (alone[round]?.p99 ?? 0));
    return [
      {
        what: 'delivered again per second',
        tripline: medianOf(again.map(({ perSecond }) => perSecond)),
        live: medianOf(live),
        ratio: medianOf(ratios),
        lowest: Math.min(...ratios),
        highest: Math.max(...ratios),
        queued: again.reduce((sum, { queued }) => sum + queued, 0),
      },
      finding('POST → called, alone', alone),
      finding('POST → called, beside what-if', beside, { ratio: medianOf(slower), ...asked }),
    ];
  },
};
