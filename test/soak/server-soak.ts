import { setTimeout as wait } from 'node:timers/promises';
import { startLoad, startTarget } from '../../bench/bench-processes.ts';
import { startProduct } from '../../bench/product.ts';
import { residentMemory } from '../../bench/resident-memory.ts';
import type { SoakOptions } from './options.ts';
import { createPauses } from './pauses.ts';
import { logBytes, startProgress } from './progress.ts';
import { eventsIn, verifiedEvents } from './read-back.ts';

/** An arrival, queued, started, succeeded. */
const eventsPerDelivery = 4;
const roundMs = 10_000;
const patienceMs = 60_000;
const lookMs = 200;

type Target = Awaited<ReturnType<typeof startTarget>>;

const untilCalled = async (target: Target, accepted: number): Promise<void> => {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookMs) {
    const { invocations } = await target.ask('called', null);
    if (invocations >= accepted) return;
    await wait(lookMs);
  }
  throw new Error(`not all of ${accepted} accepted deliveries were called`);
};

const untilFinished = async (unfinished: () => Promise<number>): Promise<void> => {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookMs) {
    if ((await unfinished()) === 0) return;
    await wait(lookMs);
  }
  throw new Error('not all invocations have an outcome');
};

/** Each accepted delivery arrived once and was finished once. */
const checkLog = async (dataDir: string, accepted: number): Promise<number> => {
  const verified = await verifiedEvents(dataDir);
  const counts = new Map<string, number>();
  let events = 0;
  for await (const { type } of eventsIn(dataDir)) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    events += 1;
  }
  const found = [counts.get('EventArrived'), counts.get('InvocationSucceeded')];
  if (events !== verified || found.some((count) => count !== accepted)) {
    throw new Error(
      `of ${accepted} deliveries ${found[0]} arrived and ${found[1]} succeeded, in ${events} events of ${verified}`,
    );
  }
  return events;
};

/** A whole server in a process of its own, over loopback: webhook in, function called, recorded. */
export const soakServer = async ({ events }: SoakOptions, dataDir: string) => {
  await using target = await startTarget();
  await using load = await startLoad();
  const port = await target.ask('listen', { markers: false });
  let calledBefore = 0;
  target.onNews((called) => load.tell(Number(called) - calledBefore));
  const answers = createPauses();
  let accepted = 0;
  await using product = await startProduct({ target: port, dataDir });
  const { pid } = product.server;
  const startedAt = performance.now();
  {
    using _ = startProgress(dataDir, pid, () => accepted * eventsPerDelivery);
    while (accepted * eventsPerDelivery < events) {
      calledBefore = accepted;
      const spec = { connections: 64, warmupMs: 0, measureMs: roundMs, ahead: 1_000 };
      const round = await load.ask('closed', { ...product.sender, ...spec });
      accepted += round.accepted;
      if (round.refused > 0) throw new Error(`${round.refused} deliveries were refused`);
      for (const pause of [round.p50, round.p99, round.max]) answers.add(pause);
      await untilCalled(target, accepted);
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await untilFinished(product.unfinished);
  const { now, peak } = await residentMemory(pid);
  const { code } = await product.server.stop();
  if (code !== 0) throw new Error(`the server ended with ${code}:\n${product.server.output()}`);
  const bytes = logBytes(dataDir);

  const before = performance.now();
  {
    await using again = await startProduct({ target: port, dataDir, again: true });
    await again.server.stop();
  }
  const startMs = performance.now() - before;
  const found = await checkLog(dataDir, accepted);
  return {
    events: found,
    deliveries: accepted,
    'deliveries per second': accepted / seconds,
    'resident MiB at the end': now,
    'resident MiB at most': peak,
    'bytes on disk per event': bytes / found,
    'answer longest ms': answers.longest,
    'start and stop afterwards ms': startMs,
  };
};
