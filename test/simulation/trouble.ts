import type { Crew } from './crew.ts';
import type { Node } from './node.ts';
import type { FaultKind } from './options.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

/** What goes wrong around the processes. */
export const createTrouble = (world: World, crew: Crew) => {
  const { dice, time, trace, conditions, options } = world;

  const living = (): readonly Node[] => crew.nodes.filter(({ run }) => run !== undefined);

  const some = (task: (node: Node) => void): boolean => {
    const nodes = living();
    if (nodes.length === 0) return false;
    task(dice.pick(nodes));
    return true;
  };

  const setClock = (byMs: number): boolean => {
    time.set(byMs);
    trace.line(`the clock is set by ${byMs} ms`);
    return true;
  };

  const faults: Readonly<Partial<Record<FaultKind, (step: number) => boolean>>> = {
    crash: () => some((node) => node.crash('killed')),
    'crash-for-good': () => {
      const left = crew.nodes.filter(({ goneForGood }) => !goneForGood);
      if (left.length < 2) return false;
      const node = dice.pick(left);
      node.goneForGood = true;
      node.crash('killed for good');
      return true;
    },
    stop: () => {
      const nodes = crew.up;
      if (nodes.length === 0) return false;
      dice.pick(nodes).stop(dice.pick([0, 200, 5_000]));
      return true;
    },
    stall: (step) =>
      some((node) => {
        node.stalledUntil = step + dice.between(10, 80);
        trace.line(`${node.name} stands still until ${node.stalledUntil}`);
      }),
    'clock-back': () => setClock(-dice.pick([500, 60_000, hourMs, 2 * hourMs])),
    'clock-forward': () => setClock(dice.pick([500, 60_000, hourMs])),
    'disk-full': () => {
      conditions.diskFull = true;
      trace.line('the disk is full');
      return true;
    },
    'store-away': () => {
      conditions.storeAway = true;
      trace.line('the store is away');
      return true;
    },
    'slow-disk': () => {
      conditions.slowDisk = true;
      trace.line('the disk is slow');
      return true;
    },
    'connection-lost': () => some(({ run }) => run?.store.loseConnection()),
  };

  const possible = (Object.keys(faults) as FaultKind[]).filter((kind) => options.faults.has(kind));

  return {
    strike(step: number): void {
      if (possible.length === 0) return;
      const kind = dice.pick(possible);
      world.fault(kind);
      faults[kind]?.(step);
    },
    /** What passes by itself. */
    ease(): void {
      if (!dice.happens(0.05)) return;
      conditions.diskFull = false;
      conditions.storeAway = false;
      conditions.slowDisk = false;
    },
    end(): void {
      conditions.calm = true;
      conditions.diskFull = false;
      conditions.storeAway = false;
      conditions.slowDisk = false;
      for (const node of crew.nodes) node.stalledUntil = 0;
    },
  };
};
