import type { Chance } from '../../src/domain/chance.ts';
import { uuidOf } from '../../src/domain/uuid.ts';

/** All that is left to chance in one history: the same seed gives the same draws. */
export interface Dice extends Chance {
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  happens(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Of names by weight. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** Draws of their own: how many are made here changes nothing there. */
  fork(name: string): Dice;
}

const mixed = (seed: number): number => {
  const once = Math.imul(seed ^ (seed >>> 16), 0x21f0_aaad);
  const twice = Math.imul(once ^ (once >>> 15), 0x735a_2d97);
  return (twice ^ (twice >>> 15)) >>> 0;
};

const hashed = (text: string): number => {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash >>> 0;
};

/** sfc32: small, fast, and good enough to pick what happens next. */
const createDraws = (seed: number): (() => number) => {
  let [a, b, c, count] = [mixed(seed), mixed(seed + 1), mixed(seed + 2), 1];
  const draw = (): number => {
    const drawn = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + drawn;
    return drawn >>> 0;
  };
  for (let warm = 0; warm < 12; warm += 1) draw();
  return draw;
};

export const createDice = (seed: number): Dice => {
  const draw = createDraws(seed);
  const random = (): number => draw() / 0x1_0000_0000;
  const below = (bound: number): number => Math.floor(random() * bound);
  const bytes = (count: number): Buffer => {
    const drawn = Buffer.alloc(count);
    for (let at = 0; at < count; at += 1) drawn[at] = draw() & 0xff;
    return drawn;
  };
  return {
    random,
    bytes,
    newId: () => uuidOf(bytes(16), 4),
    below,
    between: (low, high) => low + below(high - low + 1),
    happens: (probability) => random() < probability,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    weighted: (weights) => {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      const total = names.reduce((sum, name) => sum + weights[name], 0);
      let left = random() * total;
      for (const name of names) {
        left -= weights[name];
        if (left < 0) return name;
      }
      return names.at(-1) as (typeof names)[number];
    },
    fork: (name) => createDice((draw() ^ hashed(name)) >>> 0),
  };
};
