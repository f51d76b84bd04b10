import { setTimeout as wait } from 'node:timers/promises';
import { startLoad, startTarget } from './bench-processes.ts';
import type { Part } from './part.ts';
import { startProduct } from './product.ts';
import { residentMemory } from './resident-memory.ts';

export const memory: Part = {
  name: 'memory',
  title: 'Resident memory of the server',
  aim: 'idle < 120 MiB',
  run: async () => {
    await using target = await startTarget();
    await using load = await startLoad();
    target.onNews((called) => load.tell(called));
    await using product = await startProduct({
      target: await target.ask('listen', { markers: false }),
    });
    await wait(3_000);
    const started = await residentMemory(product.server.pid);
    // What was needed to start is garbage that the engine gives back when it has had nothing to do.
    await wait(37_000);
    const idle = await residentMemory(product.server.pid);
    const spec = { connections: 64, warmupMs: 0, measureMs: 10_000, ahead: 1_000 };
    const { accepted } = await load.ask('closed', { ...product.sender, ...spec });
    const busy = await residentMemory(product.server.pid);
    await wait(40_000);
    const after = await residentMemory(product.server.pid);
    return [
      { what: 'just started', 'RSS MiB': started.now, 'events so far': 0 },
      { what: 'idle for 40 s', 'RSS MiB': idle.now, 'events so far': 0 },
      { what: '64 connections for 10 s, peak', 'RSS MiB': busy.peak, 'events so far': accepted },
      { what: '40 s later', 'RSS MiB': after.now, 'events so far': accepted },
    ];
  },
};
