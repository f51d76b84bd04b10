import { randomFillSync } from 'node:crypto';

/** Every second one, so that a byte's two digits go to its place and the next. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const digits = Buffer.from('0123456789abcdef', 'latin1');
const text = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1');
const versionAt = 14;
const variantAt = 19;
const uuidBytes = 16;

/**
 * 16 bytes as a UUID of that version (RFC 9562 §4.1, §4.2). The text is one piece: one put together
 * from parts, as the platform's own is, costs each later user of it more than making it.
 */
export const uuidOf = (bytes: Uint8Array, version: 4 | 5, from = 0): string => {
  for (let at = 0; at < uuidBytes; at += 1) {
    const byte = bytes[from + at] ?? 0;
    const place = places[at] ?? 0;
    text[place] = digits[byte >> 4] ?? 0;
    text[place + 1] = digits[byte & 15] ?? 0;
  }
  text[versionAt] = digits[version] ?? 0;
  text[variantAt] = digits[8 | (((bytes[from + 8] ?? 0) >> 4) & 3)] ?? 0;
  return text.toString('latin1');
};

const drawnAtOnce = 128;
const random = Buffer.alloc(drawnAtOnce * uuidBytes);
let used = random.length;

/** A random UUID (version 4, RFC 9562 §5.4), from the platform's cryptographic generator. */
export const randomUuid = (): string => {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += uuidBytes;
  return uuidOf(random, 4, used - uuidBytes);
};
