/**
 * How an append ends. `unknown-…` is answered with an error that leaves open what became of it: it is
 * stored, or lost, or stored some time later. `failed-…`: the process must end, and cannot know either.
 */
export type AppendFate =
  | 'stored'
  | 'conflict'
  | 'unavailable'
  | 'full'
  | 'unknown-stored'
  | 'unknown-lost'
  | 'unknown-late'
  | 'failed-stored'
  | 'failed-lost';

export type ReadFate = 'answered' | 'late' | 'unavailable';

/** What becomes of what is asked of a store; decided when its turn has come. */
export interface StoreFates {
  ofAppend(): AppendFate;
  ofRead(): ReadFate;
  /** How many of those at hand go together, from 1. */
  together(atHand: number): number;
}

/** Nothing ever goes wrong. */
export const kindFates: StoreFates = {
  ofAppend: () => 'stored',
  ofRead: () => 'answered',
  together: (atHand) => atHand,
};
