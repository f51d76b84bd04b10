/**
 * How many there may be at once, where whoever keeps the limit follows the log and so learns late
 * that it was lowered. What the old limit let begin by then may still come: as many as it had room
 * for, and not one more.
 */
export class Bound {
  #limit: number;
  /** That many may still come by a limit that is no longer. */
  #late = 0;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    const most = Math.max(this.#limit, this.#count) + this.#late;
    const isBounded = limit < Number.POSITIVE_INFINITY;
    this.#late = isBounded ? Math.max(0, most - Math.max(limit, this.#count)) : 0;
    this.#limit = limit;
  }

  /** One more; false where that is one too many. */
  add(): boolean {
    this.#count += 1;
    if (this.#count <= this.#limit) return true;
    if (this.#late === 0) return false;
    this.#late -= 1;
    return true;
  }

  remove(): void {
    this.#count -= 1;
  }
}
