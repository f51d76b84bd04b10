import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a test has opened; closed in reverse order, also when the test fails. */
export interface Scratch extends AsyncDisposable {
  use<T extends AsyncDisposable>(resource: T): T;
  after(undo: () => Promise<unknown>): void;
  /** A directory that is gone afterwards. */
  directory(): Promise<string>;
}

export const scratch = (): Scratch => {
  const undoing: (() => PromiseLike<unknown>)[] = [];
  return {
    use(resource) {
      undoing.push(() => resource[Symbol.asyncDispose]());
      return resource;
    },
    after: (undo) => void undoing.push(undo),
    async directory() {
      const path = await mkdtemp(join(tmpdir(), 'tripline-test-'));
      undoing.push(() => rm(path, { recursive: true, force: true }));
      return path;
    },
    async [Symbol.asyncDispose]() {
      for (const undo of undoing.splice(0).reverse()) await undo();
    },
  };
};
