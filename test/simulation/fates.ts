import type { FaultKind } from './options.ts';
import type { AppendFate, ReadFate, StoreFates } from './store-fates.ts';
import type { World } from './world.ts';

const unknown: readonly AppendFate[] = ['unknown-stored', 'unknown-lost', 'unknown-late'];
const failed: readonly AppendFate[] = ['failed-stored', 'failed-lost'];

const faultOf: Readonly<Partial<Record<AppendFate, FaultKind>>> = {
  conflict: 'append-conflict',
  'unknown-stored': 'append-unknown',
  'unknown-lost': 'append-unknown',
  'unknown-late': 'append-unknown',
  'failed-stored': 'append-failed',
  'failed-lost': 'append-failed',
};

/** What becomes of what processes ask of their store, as things stand in the world. */
export const createFates = (world: World): StoreFates => {
  const { conditions, dice, options, counters } = world;
  const strikes = (kind: FaultKind, probability: number): boolean =>
    !conditions.calm && options.faults.has(kind) && dice.happens(probability);

  const appendFate = (): AppendFate => {
    if (conditions.storeAway) return 'unavailable';
    if (conditions.diskFull) return 'full';
    if (strikes('append-conflict', 0.02)) return 'conflict';
    if (strikes('append-unknown', 0.03)) return dice.pick(unknown);
    // Where others keep the log, no disk of ours can fail.
    const fails = options.nodes === 1 && strikes('append-failed', 0.004);
    return fails ? dice.pick(failed) : 'stored';
  };

  const readFate = (): ReadFate => {
    if (conditions.storeAway) return 'unavailable';
    return strikes('late-read', 0.2) ? 'late' : 'answered';
  };

  return {
    ofAppend: () => {
      const fate = appendFate();
      counters.count(`append ${fate}`);
      const fault = faultOf[fate];
      if (fault !== undefined) world.fault(fault);
      return fate;
    },
    ofRead: () => {
      const fate = readFate();
      counters.count(`read ${fate}`);
      if (fate === 'late') world.fault('late-read');
      return fate;
    },
    together: (atHand) => (dice.happens(0.4) ? atHand : dice.between(1, atHand)),
  };
};
