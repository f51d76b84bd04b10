import type { Slice } from './query.ts';

/** A negative index counts from the end. */
export const indexAt = (index: number, length: number): number =>
  index < 0 ? length + index : index;

const within = (index: number, least: number, most: number): number =>
  Math.min(Math.max(index, least), most);

/** The places that a slice takes of so many, in its order. */
export function* indicesOf({ start, end, step }: Slice, length: number): Generator<number> {
  if (step > 0) {
    const first = within(indexAt(start ?? 0, length), 0, length);
    const behind = within(indexAt(end ?? length, length), 0, length);
    for (let index = first; index < behind; index += step) yield index;
  }
  if (step < 0) {
    const first = within(indexAt(start ?? length - 1, length), -1, length - 1);
    const before = end === undefined ? -1 : within(indexAt(end, length), -1, length - 1);
    for (let index = first; index > before; index += step) yield index;
  }
}
