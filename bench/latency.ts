import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { startLoad, startSketch, startTarget } from './bench-processes.ts';
import type { Sender } from './delivery.ts';
import type { Part } from './part.ts';
import { medianOf, type Percentiles, percentilesOf } from './percentiles.ts';
import { newDataDir, startProduct } from './product.ts';

const rounds = 3;
const pace = { perSecond: 50, count: 500 };

type Target = Awaited<ReturnType<typeof startTarget>>;
type Load = Awaited<ReturnType<typeof startLoad>>;

/** From the first byte of the POST to the function's server having the call. */
export const fromPostToCall = async (
  load: Load,
  target: Target,
  sender: Sender,
  bytes?: number,
): Promise<Percentiles> => {
  const spec = { ...sender, ...pace, ...(bytes !== undefined && { bytes }) };
  await load.ask('open', { ...spec, count: 100 });
  await target.ask('reset', null);
  const { sentAt } = await load.ask('open', spec);
  await wait(500);
  const calledAt = await target.ask('calledAt', null);
  const delays = Object.entries(sentAt).map(
    ([marker, at]) => (calledAt[marker] ?? Number.POSITIVE_INFINITY) - at,
  );
  return percentilesOf(delays);
};

const finding = (what: string, results: readonly Percentiles[]) => ({
  what,
  'p50 ms': medianOf(results.map(({ p50 }) => p50)),
  'p99 ms': medianOf(results.map(({ p99 }) => p99)),
  'max ms': medianOf(results.map(({ max }) => max)),
});

export const latency: Part = {
  name: 'latency',
  title: 'POST → function called, 50 events per second',
  aim: 'p50 ≤ 1.2 ms, p99 ≤ 3 ms',
  run: async () => {
    await using target = await startTarget();
    await using load = await startLoad();
    await using sketch = await startSketch();
    const targetPort = await target.ask('listen', { markers: true });
    const dataDir = await newDataDir();
    const sketchPort = await sketch.ask('listen', { dataDir, target: targetPort });
    await using product = await startProduct({ target: targetPort });
    const ours: Percentiles[] = [];
    const theirs: Percentiles[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const bare = { port: sketchPort, path: '/hook', secret: '' };
      theirs.push(await fromPostToCall(load, target, bare));
      ours.push(await fromPostToCall(load, target, product.sender));
    }
    await rm(dataDir, { recursive: true, force: true });
    return [finding('tripline', ours), finding('sketch', theirs)];
  },
};
