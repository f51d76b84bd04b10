import { rm } from 'node:fs/promises';
import { startBullmq, startLoad, startTarget } from './bench-processes.ts';
import { missingForBullMq, versions } from './bullmq.ts';
import type { Sender } from './delivery.ts';
import { finishedPerSecond } from './end-to-end.ts';
import { fromPostToCall } from './latency.ts';
import type { Finding, Part } from './part.ts';
import { medianOf } from './percentiles.ts';
import { newDataDir, startProduct } from './product.ts';
import { startRedis } from './redis.ts';

const rounds = 3;
const sizes = [1_024, 8_192, 20_480] as const;

type Measured = { readonly ours: number; readonly theirs: number };

/** Theirs and ours by turns: a machine that gets slower or faster does so for both of a round. */
const byTurns = async (
  measure: (sender: Sender) => Promise<Readonly<Record<string, number>>>,
  theirs: Sender,
  ours: Sender,
): Promise<Readonly<Record<string, readonly Measured[]>>> => {
  const found: Record<string, Measured[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    const [other, own] = [await measure(theirs), await measure(ours)];
    for (const [name, value] of Object.entries(own)) {
      found[name] = [...(found[name] ?? []), { ours: value, theirs: other[name] ?? Number.NaN }];
    }
  }
  return found;
};

const findingOf = (what: string, measured: readonly Measured[]): Finding => {
  const ratios = measured.map(({ ours, theirs }) => ours / theirs);
  return {
    what,
    tripline: medianOf(measured.map(({ ours }) => ours)),
    bullmq: medianOf(measured.map(({ theirs }) => theirs)),
    ratio: medianOf(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
};

const compare = async (): Promise<readonly Finding[]> => {
  const redisDir = await newDataDir();
  await using target = await startTarget();
  await using load = await startLoad();
  await using redis = await startRedis(redisDir);
  await using web = await startBullmq();
  await using worker = await startBullmq();
  const { socket } = redis;
  target.onNews((called) => load.tell(called));
  const targetPort = await target.ask('listen', { markers: false });
  const port = await web.ask('listen', { socket });
  await worker.ask('work', { socket, target: targetPort });
  await using product = await startProduct({ target: targetPort });
  const theirs = { port, path: '/hook', secret: '' };
  const findings: Finding[] = [];
  for (const bytes of sizes) {
    const name = `${bytes / 1_024} KB`;
    await target.ask('watch', { markers: false });
    const rates = await byTurns(
      async (sender) => {
        const { perSecond, lost } = await finishedPerSecond(load, target, sender, bytes);
        if (lost > 0) throw new Error(`${lost} events were not called`);
        return { perSecond };
      },
      theirs,
      product.sender,
    );
    findings.push(findingOf(`finished per second, ${name}`, rates['perSecond'] ?? []));
    await target.ask('watch', { markers: true });
    const delays = await byTurns(
      async (sender) => {
        const { p50, p99 } = await fromPostToCall(load, target, sender, bytes);
        return { p50, p99 };
      },
      theirs,
      product.sender,
    );
    for (const share of ['p50', 'p99']) {
      findings.push(findingOf(`POST → called, ${share} ms, ${name}`, delays[share] ?? []));
    }
  }
  await rm(redisDir, { recursive: true, force: true });
  return [...findings, { what: versions() }];
};

export const peers: Part = {
  name: 'peers',
  title: 'Beside BullMQ on Redis with `appendfsync always`: 64 connections; 50 events per second',
  aim: 'finished: ≥ 1.2 at 1 KB, ≥ 1.3 at 8 KB, ≥ 2.2 at 20 KB; POST → called: p50 ≤ 0.8, p99 ≤ 0.95',
  run: async () => {
    const missing = missingForBullMq();
    return missing === undefined ? compare() : [{ what: `not measured: ${missing}` }];
  },
};
