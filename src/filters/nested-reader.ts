import { maxDepth } from './definition.ts';

/** Reads a text in which things stand within things, so deep and no deeper. */
export abstract class NestedReader {
  private depth = 0;

  /** At the place where it is. */
  abstract refuse(message: string): never;

  /** What is read within something else; refuses what is too deep. */
  within<Read>(read: () => Read): Read {
    if (this.depth === maxDepth) this.refuse(`must not be more than ${maxDepth} deep`);
    this.depth += 1;
    const found = read();
    this.depth -= 1;
    return found;
  }
}
