import { platformTurn } from './ambient-ban.ts';
import type { Driver } from './driver.ts';
import type { World } from './world.ts';

/** Everything that follows from the last step has happened. */
export const drained = (): Promise<void> =>
  new Promise((resolve) => {
    process.nextTick(resolve);
  });

/** The same, and what nobody has heard of has been reported. */
const heard = (): Promise<void> =>
  new Promise((resolve) => {
    platformTurn(resolve);
  });

/** A turn of the platform costs more than a step. */
const stepsPerTurn = 64;

/** Counts the steps of a history, and ends it where it is to end. */
export const createPace = ({ broken }: World, driver: Driver, until: number) => {
  let step = 0;
  const goesOn = (): boolean => broken.length === 0 && step < until;
  const tick = async (): Promise<void> => {
    step += 1;
    await (step % stepsPerTurn === 0 ? heard() : drained());
  };
  return {
    get step() {
      return step;
    },
    goesOn,
    tick,
    /** Until nothing can happen without time passing. */
    async untilQuiet(): Promise<void> {
      await drained();
      while (goesOn() && driver.go(step)) await tick();
    },
  };
};
