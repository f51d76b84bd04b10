import type { Stretch } from '../domain/long-member.ts';

export interface Reframed {
  readonly body: Buffer;
  /** What there was before, in order. */
  readonly sent: readonly Uint8Array[];
}

const anew = (before: Buffer, bytes: Buffer, { from, end }: Stretch, behind: Buffer): Reframed => ({
  body: Buffer.concat([before, bytes.subarray(from, end), behind]),
  sent: [bytes],
});

/**
 * Puts other bytes before and behind a stretch of what was sent, in the same memory where `room` is
 * the caller's alone and long enough: so a long body is there once. What was sent is kept as well.
 */
export const reframed = (
  before: Buffer,
  bytes: Buffer,
  stretch: Stretch,
  behind: Buffer,
  room: Buffer | undefined,
): Reframed => {
  const { from, end } = stretch;
  const length = before.length + end - from + behind.length;
  // A zero behind it is what the grammar of JSON wants.
  if (room === undefined || length >= room.length) return anew(before, bytes, stretch, behind);
  const [start, rest] = [Buffer.from(bytes.subarray(0, from)), Buffer.from(bytes.subarray(end))];
  const offset = bytes.byteOffset - room.byteOffset;
  room.copyWithin(before.length, offset + from, offset + end);
  room.set(before);
  room.set(behind, length - behind.length);
  room[length] = 0;
  const kept = room.subarray(before.length, length - behind.length);
  return { body: room.subarray(0, length), sent: [start, kept, rest] };
};
