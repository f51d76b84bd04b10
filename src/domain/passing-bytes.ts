/** Enough for what mostly passes; what is longer gets memory of its own. */
const room = Buffer.allocUnsafeSlow(65_536);

/**
 * Bytes to write something down in that is read at once: the next call gives the same ones out
 * again. Memory that is new each time costs more than what is done with it here.
 */
export const passingBytes = (length: number): Buffer =>
  length <= room.length ? room.subarray(0, length) : Buffer.allocUnsafe(length);
