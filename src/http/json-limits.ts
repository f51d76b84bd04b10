/** Deeper or wider JSON parses, but may overflow whoever serialises it later. */
export const maxDepth = 32;
export const maxKeys = 10_000;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** By byte: how the depth changes. */
const steps = new Int8Array(256);
for (const opening of '{[') steps[opening.charCodeAt(0)] = 1;
for (const closing of '}]') steps[closing.charCodeAt(0)] = -1;

const endOfString = (bytes: Uint8Array, start: number): number => {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
};

/**
 * Why JSON text must not be parsed, from one pass over its bytes and without building anything;
 * undefined: it may be. Says nothing about whether the text is JSON at all.
 */
export const excessOf = (bytes: Uint8Array): 'too-deep' | 'too-many-keys' | undefined => {
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = endOfString(bytes, at);
    depth += steps[byte] ?? 0;
    if (byte === colon) keys += 1;
    if (depth > maxDepth) return 'too-deep';
    if (keys > maxKeys) return 'too-many-keys';
  }
  return undefined;
};

/** Whether `__proto__` is a key anywhere, however it was spelled in the text. */
export const hasProtoKey = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasProtoKey);
  return Object.entries(value).some(([key, member]) => key === '__proto__' || hasProtoKey(member));
};
