import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { startLoad, startSketch, startTarget } from './bench-processes.ts';
import type { Sender } from './delivery.ts';
import type { Part } from './part.ts';
import { medianOf } from './percentiles.ts';
import { newDataDir, startProduct } from './product.ts';

const rounds = 5;

type Target = Awaited<ReturnType<typeof startTarget>>;
type Load = Awaited<ReturnType<typeof startLoad>>;

/** Waits until no call has come in for a second; gives up after two minutes. */
const settled = async (target: Target, expected: number): Promise<number> => {
  let last = -1;
  for (let i = 0; i < 120; i += 1) {
    const { invocations } = await target.ask('called', null);
    if (invocations >= expected || invocations === last) return invocations;
    last = invocations;
    await wait(1_000);
  }
  return last;
};

interface Round {
  readonly perSecond: number;
  readonly accepted: number;
  readonly lost: number;
  readonly repeated: number;
}

const measure = async (load: Load, target: Target, sender: Sender): Promise<Round> => {
  await target.ask('reset', null);
  const spec = { ...sender, connections: 64, warmupMs: 2_000, measureMs: 6_000, ahead: 1_000 };
  const { accepted, from, to } = await load.ask('closed', spec);
  const called = await settled(target, accepted);
  const { requests } = await target.ask('called', null);
  const calls = await target.ask('between', { from, to });
  return {
    perSecond: calls / ((to - from) / 1_000),
    accepted,
    lost: accepted - called,
    repeated: requests - called,
  };
};

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/**
 * Accepted, called, outcome recorded. The sender never gets more than 1 000 events ahead of the
 * calls, so what is called per second in the window is what is finished per second.
 */
export const endToEnd: Part = {
  name: 'end-to-end',
  title: 'Accepted → called → outcome recorded, 64 connections, 1 KB, HTTP function beside it',
  aim: 'ratio ≥ 0.5 of the bare sketch, 0 lost',
  run: async () => {
    await using target = await startTarget();
    await using load = await startLoad();
    await using sketch = await startSketch();
    target.onNews((called) => load.tell(called));
    const targetPort = await target.ask('listen', { markers: false });
    const dataDir = await newDataDir();
    const sketchPort = await sketch.ask('listen', { dataDir, target: targetPort });
    await using product = await startProduct({ target: targetPort });
    const ours: Round[] = [];
    const theirs: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const bare = { port: sketchPort, path: '/hook', secret: '' };
      theirs.push(await measure(load, target, bare));
      ours.push(await measure(load, target, product.sender));
    }
    const unfinished = await product.unfinished();
    await rm(dataDir, { recursive: true, force: true });
    const own = medianOf(ours.map(({ perSecond }) => perSecond));
    const yardstick = medianOf(theirs.map(({ perSecond }) => perSecond));
    return [
      {
        what: 'finished per second',
        tripline: own,
        sketch: yardstick,
        ratio: own / yardstick,
        accepted: sum(ours.map(({ accepted }) => accepted)),
        lost: sum(ours.map(({ lost }) => lost)) + unfinished,
        'called twice': sum(ours.map(({ repeated }) => repeated)),
      },
    ];
  },
};
