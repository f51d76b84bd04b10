import type { Clock } from '../domain/clock.ts';
import { Fifo } from './fifo.ts';

export interface TurnQueue {
  /** Each is looked at once, however often it is added before its turn. */
  add(item: string): void;
  /** There may be room again. */
  wake(): void;
  stop(): void;
}

export interface TurnQueueDeps {
  readonly look: (item: string) => void;
  /** False: nothing is looked at until `wake`. */
  readonly hasRoom: () => boolean;
  readonly clock: Pick<Clock, 'soon'>;
}

/** So many at most before other work has its turn; a look takes some microseconds. */
const perTurn = 256;

/** Looks at any number of things without holding up the process, in the order they were added. */
export const createTurnQueue = ({ look, hasRoom, clock }: TurnQueueDeps): TurnQueue => {
  const items = new Fifo<string>();
  const listed = new Set<string>();
  let takeBack: (() => void) | undefined;
  let stopped = false;

  const turn = (): void => {
    takeBack = undefined;
    for (let looked = 0; looked < perTurn && hasRoom(); looked += 1) {
      const item = items.shift();
      if (item === undefined) return;
      listed.delete(item);
      look(item);
    }
    wake();
  };

  const wake = (): void => {
    if (stopped || takeBack !== undefined || items.length === 0 || !hasRoom()) return;
    takeBack = clock.soon(turn);
  };

  return {
    add(item) {
      if (stopped || listed.has(item)) return;
      listed.add(item);
      items.push(item);
      wake();
    },
    wake,
    stop() {
      stopped = true;
      takeBack?.();
    },
  };
};
