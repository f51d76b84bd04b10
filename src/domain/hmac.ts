import { createHmac, type KeyObject } from 'node:crypto';

export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The HMAC (RFC 2104) of the parts put together; text counts as its UTF-8 bytes. */
export const hmac = (
  algorithm: HmacAlgorithm,
  key: KeyObject,
  ...parts: (string | Buffer)[]
): Buffer => {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
