import type { Json } from '../domain/json.ts';
import { Steps } from '../filters/steps.ts';

/** What is wrong at a place of a value, which a JSON pointer names. */
export interface Complaint {
  readonly pointer: string;
  readonly expected: string;
  readonly seen: string;
}

/** Members and items of one value that a schema has looked at. */
export class Evaluated {
  readonly properties = new Set<string>();
  readonly items = new Set<number>();

  include(other: Evaluated): void {
    for (const name of other.properties) this.properties.add(name);
    for (const index of other.items) this.items.add(index);
  }
}

/** Whether a value at a place is as it must be; what is not is told to the run. */
export type Rule = (value: Json, at: string, run: Run, evaluated: Evaluated) => boolean;

const maxComplaints = 20;
/** Of schemas within schemas, whatever the value and the references: the stack bears it. */
const maxDepth = 800;

export class TooDeep extends Error {}

const seenOf = (value: Json): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 64));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
};

/** One check of one value: what is left of its bounds, and what was found. */
export class Run {
  readonly steps = new Steps();
  readonly complaints: Complaint[] = [];
  private quiet = 0;
  private depth = 0;

  refuse(pointer: string, expected: string, value: Json): false {
    if (this.quiet === 0 && this.complaints.length < maxComplaints)
      this.complaints.push({ pointer, expected, seen: seenOf(value) });
    return false;
  }

  /** For what may fail without anything being wrong. */
  quietly(task: () => boolean): boolean {
    this.quiet += 1;
    const answer = task();
    this.quiet -= 1;
    return answer;
  }

  deeper(task: () => boolean): boolean {
    this.steps.take(1);
    this.depth += 1;
    if (this.depth > maxDepth) throw new TooDeep();
    const answer = task();
    this.depth -= 1;
    return answer;
  }
}
