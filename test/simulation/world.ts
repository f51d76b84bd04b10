import type { StoredEvent } from '../../src/domain/recorded.ts';
import { type Counters, createCounters } from './counters.ts';
import { createDice, type Dice } from './dice.ts';
import { createDisk, type Disk } from './disk.ts';
import { isKnown } from './known.ts';
import { type FaultKind, type HistoryOptions, optionsOf } from './options.ts';
import { createParkingLot, type ParkingLot } from './parking-lot.ts';
import { createWorldTime, type WorldTime } from './time.ts';
import { createTrace, type Trace } from './trace.ts';

/** How things stand around the processes at the moment. */
export interface Conditions {
  /** Nothing goes wrong any more. */
  calm: boolean;
  diskFull: boolean;
  storeAway: boolean;
  slowDisk: boolean;
}

/** Tells of broken promises, in sentences. */
export type Breaks = (...sentences: readonly string[]) => void;

/** What all processes of a history share, and the driver that decides for them. */
export interface World {
  readonly options: HistoryOptions;
  /** Of the driver; the processes draw from their own. */
  readonly dice: Dice;
  readonly time: WorldTime;
  readonly lot: ParkingLot;
  readonly disk: Disk;
  readonly trace: Trace;
  readonly counters: Counters;
  readonly conditions: Conditions;
  /** Promises that were broken, in sentences. */
  readonly broken: readonly string[];
  /** Tells of some; what is known not to hold yet is only counted. */
  readonly breaks: Breaks;
  /** Something goes wrong. */
  fault(kind: FaultKind): void;
  onFault(listener: (kind: FaultKind) => void): void;
  /** Tells whoever checks of every fact, in log order. */
  onFact(listener: (fact: StoredEvent) => void): void;
}

/** Tells all who listen. */
const createBell = <Message>() => {
  const listeners: ((message: Message) => void)[] = [];
  return {
    ring(message: Message): void {
      for (const listener of listeners) listener(message);
    },
    listen: (listener: (message: Message) => void): void => void listeners.push(listener),
  };
};

export const createWorld = (seed: number, keep: number): World => {
  const options = optionsOf(seed);
  const time = createWorldTime(Date.parse(options.start));
  const [facts, faults] = [createBell<StoredEvent>(), createBell<FaultKind>()];
  const disk = createDisk(() => time.wall, facts.ring);
  const counters = createCounters();
  const broken: string[] = [];

  const judge = (sentence: string): void => {
    const restarts = counters.all.get('process started again') ?? 0;
    const circumstances = { nodes: options.nodes, restarts, log: disk.log };
    if (isKnown(sentence, circumstances)) counters.count('known not to hold');
    else broken.push(sentence);
  };

  return {
    options,
    dice: createDice(seed).fork('driver'),
    time,
    lot: createParkingLot(),
    disk,
    trace: createTrace(keep),
    counters,
    conditions: { calm: true, diskFull: false, storeAway: false, slowDisk: false },
    broken,
    breaks: (...sentences) => sentences.forEach(judge),
    fault: faults.ring,
    onFault: faults.listen,
    onFact: facts.listen,
  };
};
