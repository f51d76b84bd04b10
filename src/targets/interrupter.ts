/** Gives one call up. Every call needs one, and an `AbortController` would cost more than the rest of it. */
export class Interrupter {
  #interrupted = false;
  #listener: (() => void) | undefined;

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** For whoever carries out the call; at once where it has been given up already. */
  listen(listener: () => void): void {
    this.#listener = listener;
    if (this.#interrupted) listener();
  }

  interrupt(): void {
    if (this.#interrupted) return;
    this.#interrupted = true;
    this.#listener?.();
  }
}
