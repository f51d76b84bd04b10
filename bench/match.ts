import { rm } from 'node:fs/promises';
import { startLoad, startTarget } from './bench-processes.ts';
import { addTriggers } from './more-triggers.ts';
import type { Part } from './part.ts';
import { percentilesOf } from './percentiles.ts';
import { newDataDir, type Product, startProduct } from './product.ts';
import { residentMemory } from './resident-memory.ts';
import { lookupCost, routingCost } from './routing.ts';

const startedWithin = async (start: () => Promise<Product>) => {
  const at = performance.now();
  const product = await start();
  return { product, ms: performance.now() - at };
};

/** What an event costs among so many triggers of which one matches, through the whole server. */
export const match: Part = {
  name: 'match',
  title: 'One webhook among many triggers: calls per second, POST → called, memory',
  aim: 'cost at 100 000 triggers ≤ 1.5 × that at 100; < 512 MiB',
  run: async () => {
    await using target = await startTarget();
    await using load = await startLoad();
    target.onNews((called) => load.tell(called));
    const port = await target.ask('listen', { markers: true });
    const findings = [];
    for (const triggers of [100, 10_000, 100_000]) {
      const dataDir = await newDataDir();
      await (await startProduct({ target: port, dataDir }))[Symbol.asyncDispose]();
      await addTriggers(dataDir, triggers - 1);
      const first = await startedWithin(() => startProduct({ target: port, dataDir, again: true }));
      await first.product.server.stop();
      const second = await startedWithin(() =>
        startProduct({ target: port, dataDir, again: true }),
      );
      await using product = second.product;
      await target.ask('reset', null);
      const pace = { perSecond: 50, count: 300 };
      const { sentAt } = await load.ask('open', { ...product.sender, ...pace });
      const calledAt = await target.ask('calledAt', null);
      const delays = Object.entries(sentAt).map(([marker, at]) => (calledAt[marker] ?? at) - at);
      await target.ask('reset', null);
      const spec = { connections: 16, warmupMs: 1_000, measureMs: 3_000, ahead: 1_000 };
      const { from, to } = await load.ask('closed', { ...product.sender, ...spec });
      const calls = await target.ask('between', { from, to });
      const memory = await residentMemory(product.server.pid);
      findings.push({
        what: `${triggers} triggers`,
        'routing µs, 100 in use': routingCost(triggers, 100),
        'all in use': routingCost(triggers, triggers),
        'bare map, all in use': lookupCost(triggers),
        'calls per second': calls / ((to - from) / 1_000),
        'p50 ms': percentilesOf(delays).p50,
        'first start ms': first.ms,
        'start ms': second.ms,
        'RSS MiB': memory.now,
      });
      await rm(dataDir, { recursive: true, force: true });
    }
    return findings;
  },
};
