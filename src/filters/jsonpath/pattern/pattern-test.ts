import type { Steps } from '../../steps.ts';
import { type Automaton, automatonOf } from './automaton.ts';
import { NoPattern } from './pattern-reader.ts';
import { parsePattern } from './syntax.ts';

/** The states that are reached at one place, each once. */
class Reached {
  readonly taking: number[] = [];
  hasEnd = false;
  private readonly marks: Uint32Array;
  private round = 0;
  private edges = { start: false, end: false };
  private readonly automaton: Automaton;
  private readonly steps: Steps;

  constructor(automaton: Automaton, steps: Steps) {
    this.automaton = automaton;
    this.steps = steps;
    this.marks = new Uint32Array(automaton.states.length);
  }

  /** What was reached is forgotten; what is added next is reached at this place of a text. */
  moveTo(at: number, length: number): void {
    this.round += 1;
    this.edges = { start: at === 0, end: at === length };
    this.taking.length = 0;
    this.hasEnd = false;
  }

  /** And all that follow from it without a character. */
  add(first: number): void {
    const open = [first];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (this.marks[place] === this.round) continue;
      this.steps.take(1);
      this.marks[place] = this.round;
      const state = this.automaton.states[place];
      if (state?.does === 'split') open.push(...state.next);
      else if (state?.does === 'take') this.taking.push(place);
      else if (state?.does === 'end') this.hasEnd = true;
      else if (state !== undefined && this.edges[state.edge]) open.push(state.next);
    }
  }
}

/** Where one is behind a character. */
const advance = ({ states }: Automaton, now: Reached, then: Reached, point: number): void => {
  for (const place of now.taking) {
    const state = states[place];
    if (state?.does === 'take' && state.set(point)) then.add(state.next);
  }
};

/**
 * All places of the pattern at once, character by character: time grows with the text times the
 * pattern, whatever either is. `isWhole`: from beginning to end, else anywhere.
 */
const run = (automaton: Automaton, text: string, isWhole: boolean, steps: Steps): boolean => {
  let now = new Reached(automaton, steps);
  let then = new Reached(automaton, steps);
  let at = 0;
  now.moveTo(at, text.length);
  now.add(automaton.start);
  for (const character of text) {
    if (isWhole ? now.taking.length === 0 : now.hasEnd) return !isWhole;
    steps.take(1);
    at += character.length;
    then.moveTo(at, text.length);
    advance(automaton, now, then, character.codePointAt(0) ?? 0);
    if (!isWhole) then.add(automaton.start);
    [now, then] = [then, now];
  }
  return now.hasEnd;
};

export type PatternTest = (text: string, steps: Steps) => boolean;

/** An I-Regexp (RFC 9485) as a test; undefined for what is none, or is too large. */
export const patternTest = (expression: string, isWhole: boolean): PatternTest | undefined => {
  try {
    const automaton = automatonOf(parsePattern(expression));
    return (text, steps) => run(automaton, text, isWhole, steps);
  } catch (error) {
    if (error instanceof NoPattern) return undefined;
    throw error;
  }
};
