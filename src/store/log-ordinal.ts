import { TriplineError } from '../domain/errors.ts';
import { asPosition, beginning, type Position } from '../domain/position.ts';
import type { SubscribeOptions } from './event-store.ts';

/** The stores of our own count the events of the log from 1; positions are that count in 16 digits. */
const digits = 16;
const wellFormed = /^\d{16}$/;

const zero = 0x30;
const units: number[] = Array(digits).fill(zero);

/** The text is one piece: padded, it would be two, which the first comparison has to put together. */
export const positionOf = (ordinal: number): Position => {
  if (ordinal === 0) return beginning;
  let rest = ordinal;
  for (let at = digits - 1; at >= 0; at -= 1) {
    const higher = Math.floor(rest / 10);
    units[at] = rest - higher * 10 + zero;
    rest = higher;
  }
  return asPosition(String.fromCharCode(...units));
};

/** Refuses a position that another kind of store gave out. */
export const ordinalOf = (position: Position): number => {
  if (position === beginning) return 0;
  if (!wellFormed.test(position)) {
    throw new TriplineError('validation-failed', `'${position}' is not a position of this store`);
  }
  return Number(position);
};

/** A subscription from a place that does not exist would wait for ever, so it is refused at once. */
export const checkSubscribeFrom = ({ from }: SubscribeOptions): void => {
  if (from !== 'start' && from !== 'end') ordinalOf(from);
};
