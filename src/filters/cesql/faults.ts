import type { Steps } from '../steps.ts';

export type FaultName =
  | 'MathError'
  | 'CastError'
  | 'MissingAttributeError'
  | 'MissingFunctionError'
  | 'FunctionEvaluationError';

/** What went wrong where: an expression yields a value all the same. */
export interface Fault {
  readonly name: FaultName;
  readonly message: string;
}

/** Keeps the first fault of an evaluation; whoever meets it yields at once, so there is no second. */
export class Faults {
  first: Fault | undefined;
  readonly steps: Steps;

  constructor(steps: Steps) {
    this.steps = steps;
  }

  add(name: FaultName, message: string): void {
    this.first ??= { name, message };
  }
}
