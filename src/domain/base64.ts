const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = '='.charCodeAt(0);

const digits = Uint8Array.from(alphabet, (digit) => digit.charCodeAt(0));

export const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/**
 * Writes bytes in base64 into `target`, which has to have room for it. The platform's way makes a
 * text of it first, which has to be collected.
 */
export const writeBase64 = (bytes: Uint8Array, target: Uint8Array): void => {
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    target[to] = digits[three >> 18] ?? 0;
    target[to + 1] = digits[(three >> 12) & 63] ?? 0;
    target[to + 2] = digits[(three >> 6) & 63] ?? 0;
    target[to + 3] = digits[three & 63] ?? 0;
    to += 4;
  }
  const left = bytes.length % 3;
  if (left > 0) target.fill(padding, to - 3 + left, to);
};
