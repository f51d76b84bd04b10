/** How much work one evaluation may be: some hundredths of a second at worst. */
export const maxSteps = 1_000_000;

export class OutOfSteps extends Error {}

/** What is left of one evaluation's bound; counts and no clock, so that a filter answers the same everywhere. */
export class Steps {
  private left = maxSteps;

  take(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new OutOfSteps();
  }
}
