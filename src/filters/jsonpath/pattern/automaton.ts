import type { CharacterSet } from './character-sets.ts';
import { NoPattern } from './pattern-reader.ts';
import type { Pattern } from './syntax.ts';

/** A state takes a character and goes on, or goes on at once where it is at an edge, or to several, or is where a match ends. */
export type State =
  | { readonly does: 'take'; readonly set: CharacterSet; readonly next: number }
  | { readonly does: 'assert'; readonly edge: 'start' | 'end'; readonly next: number }
  | { readonly does: 'split'; readonly next: readonly number[] }
  | { readonly does: 'end' };

/** The states of a pattern, its beginning, and no way to try a place twice. */
export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
}

/** Of states: what is to be repeated is written out as often. */
const maxStates = 2_000;

/** Builds from the end to the beginning, so that each state knows the ones behind it. */
class Builder {
  readonly states: State[] = [];

  add(state: State): number {
    if (this.states.length === maxStates) throw new NoPattern();
    this.states.push(state);
    return this.states.length - 1;
  }

  build(pattern: Pattern, next: number): number {
    if (pattern.is === 'set') return this.add({ does: 'take', set: pattern.set, next });
    if (pattern.is === 'edge') return this.add({ does: 'assert', edge: pattern.edge, next });
    if (pattern.is === 'sequence')
      return pattern.parts.reduceRight((behind, part) => this.build(part, behind), next);
    if (pattern.is === 'repeat')
      return this.repeat(pattern.part, pattern.least, pattern.most, next);
    const starts = pattern.parts.map((part) => this.build(part, next));
    return this.add({ does: 'split', next: starts });
  }

  private repeat(part: Pattern, least: number, most: number | undefined, next: number): number {
    let start = most === undefined ? this.loop(part, next) : next;
    for (let i = least; i < (most ?? least); i += 1)
      start = this.add({ does: 'split', next: [this.build(part, start), next] });
    for (let i = 0; i < least; i += 1) start = this.build(part, start);
    return start;
  }

  private loop(part: Pattern, next: number): number {
    const targets = [next];
    const start = this.add({ does: 'split', next: targets });
    targets.push(this.build(part, start));
    return start;
  }
}

/** Throws `NoPattern` where it would be too large. */
export const automatonOf = (pattern: Pattern): Automaton => {
  const builder = new Builder();
  const end = builder.add({ does: 'end' });
  return { start: builder.build(pattern, end), states: builder.states };
};
