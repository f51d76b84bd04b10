/** The smallest item first; items of equal rank in no particular order. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #rank: (item: T) => number;

  constructor(rank: (item: T) => number) {
    this.#rank = rank;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    const rank = this.#rank(item);
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as T;
      if (this.#rank(above) <= rank) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0 && last !== undefined) this.#sink(last);
    return top;
  }

  #sink(item: T): void {
    const items = this.#items;
    const rank = this.#rank(item);
    const leaves = items.length >> 1;
    let at = 0;
    while (at < leaves) {
      const child = this.#smallerChild(at);
      const below = items[child] as T;
      if (this.#rank(below) >= rank) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
  }

  #smallerChild(at: number): number {
    const left = 2 * at + 1;
    const right = left + 1;
    if (right >= this.#items.length) return left;
    return this.#rank(this.#items[right] as T) < this.#rank(this.#items[left] as T) ? right : left;
  }
}
