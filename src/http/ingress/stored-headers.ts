const neverStored: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
]);

/** Headers as they may be kept: no credentials, no proof of signature. Names are lower-case. */
export const storedHeaders = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  proofs: ReadonlySet<string>,
): Record<string, string> => {
  const stored: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string' || neverStored.has(name) || name.includes('signature')) continue;
    if (proofs.has(name)) continue;
    // Defined, not assigned: `__proto__` is a legal header name.
    if (name === '__proto__') Object.defineProperty(stored, name, { value, enumerable: true });
    else stored[name] = value;
  }
  return stored;
};
