import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { startLoad, startSketch, startTarget } from './bench-processes.ts';
import type { Sender } from './delivery.ts';
import type { Part } from './part.ts';
import { medianOf } from './percentiles.ts';
import { newDataDir, type Product, startProduct } from './product.ts';

const rounds = 7;

type Target = Awaited<ReturnType<typeof startTarget>>;
type Load = Awaited<ReturnType<typeof startLoad>>;

const patienceMs = 10_000;
const lookMs = 100;

/** Waits until all have been called, or until no call has come in for ten seconds. */
const settled = async (target: Target, expected: number): Promise<number> => {
  let last = -1;
  let quietMs = 0;
  while (last < expected && quietMs < patienceMs) {
    const { invocations } = await target.ask('called', null);
    quietMs = invocations === last ? quietMs + lookMs : 0;
    last = invocations;
    await wait(lookMs);
  }
  return last;
};

/** Waits until each has an outcome, or for ten seconds; gives the number of those that have none. */
const withoutOutcome = async ({ unfinished }: Product): Promise<number> => {
  let left = await unfinished();
  for (let waitedMs = 0; left > 0 && waitedMs < patienceMs; waitedMs += lookMs) {
    await wait(lookMs);
    left = await unfinished();
  }
  return left;
};

interface Round {
  readonly perSecond: number;
  readonly accepted: number;
  readonly lost: number;
  readonly repeated: number;
}

/** The sender never gets more than 1 000 events ahead of the calls. */
export const finishedPerSecond = async (
  load: Load,
  target: Target,
  sender: Sender,
  bytes?: number,
): Promise<Round> => {
  await target.ask('reset', null);
  const size = bytes === undefined ? {} : { bytes };
  const spec = {
    ...sender,
    ...size,
    connections: 64,
    warmupMs: 2_000,
    measureMs: 5_000,
    ahead: 1_000,
  };
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
      theirs.push(await finishedPerSecond(load, target, bare));
      ours.push(await finishedPerSecond(load, target, product.sender));
    }
    const unfinished = await withoutOutcome(product);
    await rm(dataDir, { recursive: true, force: true });
    // Neighbours in time: a machine that gets slower or faster does so for both of a round.
    const ratios = ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? 0));
    return [
      {
        what: 'finished per second',
        tripline: medianOf(ours.map(({ perSecond }) => perSecond)),
        sketch: medianOf(theirs.map(({ perSecond }) => perSecond)),
        ratio: medianOf(ratios),
        lowest: Math.min(...ratios),
        highest: Math.max(...ratios),
        accepted: sum(ours.map(({ accepted }) => accepted)),
        lost: sum(ours.map(({ lost }) => lost)) + unfinished,
        'called twice': sum(ours.map(({ repeated }) => repeated)),
      },
    ];
  },
};
