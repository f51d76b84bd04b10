/**
 * A map for entries that come and go all the time. V8 leaves in each table that a `Map` has
 * outgrown a pointer to the next one; as soon as one of them is old, it keeps every later table alive
 * until the next full collection, with all that was ever in it, and each entry is copied twice to
 * get there. Here only keys and numbers go into such tables.
 */
export class SlotMap<Value> {
  readonly #slots = new Map<string, number>();
  readonly #values: (Value | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(entries: Iterable<readonly [key: string, value: Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#slots.size;
  }

  has(key: string): boolean {
    return this.#slots.has(key);
  }

  get(key: string): Value | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : this.#values[slot];
  }

  set(key: string, value: Value): void {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#values.length;
      this.#slots.set(key, slot);
    }
    this.#values[slot] = value;
  }

  delete(key: string): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    this.#slots.delete(key);
    this.#values[slot] = undefined;
    this.#free.push(slot);
    return true;
  }

  /** In the order in which the keys came in, as a `Map` has them. */
  keys(): IterableIterator<string> {
    return this.#slots.keys();
  }

  *values(): IterableIterator<Value> {
    for (const slot of this.#slots.values()) yield this.#values[slot] as Value;
  }

  *[Symbol.iterator](): IterableIterator<[key: string, value: Value]> {
    for (const [key, slot] of this.#slots) yield [key, this.#values[slot] as Value];
  }
}
