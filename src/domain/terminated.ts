import { passingBytes } from './passing-bytes.ts';

/**
 * The same bytes with a zero behind them, as the grammar wants them: not copied where one is there
 * already. Good until the next text.
 */
export const terminated = (bytes: Uint8Array): Uint8Array => {
  const { buffer, byteOffset, length } = bytes;
  if (byteOffset + length < buffer.byteLength) {
    const longer = Buffer.from(buffer, byteOffset, length + 1);
    if (longer[length] === 0) return longer;
  }
  const copy = passingBytes(length + 1);
  copy.set(bytes);
  copy[length] = 0;
  return copy;
};

/** Memory of their own for so many bytes, with a zero behind them, and for some `more`. */
export const roomFor = (length: number, more = 0): Buffer => {
  const room = Buffer.allocUnsafeSlow(length + 1 + more);
  room[length] = 0;
  return room.subarray(0, length);
};
