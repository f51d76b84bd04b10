import { createHmac, hash, type KeyObject } from 'node:crypto';

export type HmacAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

const blockBytes: Readonly<Record<HmacAlgorithm, number>> = {
  sha1: 64,
  sha256: 64,
  sha384: 128,
  sha512: 128,
};
/** Beyond this, copying the message costs more than an object that takes it in pieces. */
const mostCopied = 65_536;

const padded = (key: Buffer, length: number, mask: number): Buffer => {
  const block = Buffer.alloc(length, mask);
  for (const [at, byte] of key.entries()) block[at] = byte ^ mask;
  return block;
};

type Mac = (parts: readonly Buffer[]) => string;

/** Two hashes at one go each cost half of what an `Hmac` object does, and leave nothing to collect. */
const prepare = (algorithm: HmacAlgorithm, secret: KeyObject): Mac => {
  const length = blockBytes[algorithm];
  const given = secret.export();
  const key = given.length > length ? Buffer.from(hash(algorithm, given, 'hex'), 'hex') : given;
  const inner = padded(key, length, 0x36);
  const outer = padded(key, length, 0x5c);

  return (parts) => {
    let size = length;
    for (const part of parts) size += part.length;
    if (size > mostCopied) {
      const mac = createHmac(algorithm, secret);
      for (const part of parts) mac.update(part);
      return mac.digest('hex');
    }
    const message = Buffer.allocUnsafe(size);
    let at = inner.copy(message);
    for (const part of parts) at += part.copy(message, at);
    const digest = hash(algorithm, message, 'hex');
    const last = Buffer.allocUnsafe(length + digest.length / 2);
    outer.copy(last);
    last.write(digest, length, 'hex');
    return hash(algorithm, last, 'hex');
  };
};

/** What was prepared for a key lives as long as the key. */
const prepared = new WeakMap<KeyObject, Map<HmacAlgorithm, Mac>>();

const macOf = (algorithm: HmacAlgorithm, key: KeyObject): Mac => {
  const macs = prepared.get(key) ?? new Map<HmacAlgorithm, Mac>();
  const known = macs.get(algorithm);
  if (known) return known;
  const mac = prepare(algorithm, key);
  prepared.set(key, macs.set(algorithm, mac));
  return mac;
};

/** The HMAC (RFC 2104) of the parts put together. */
export const hmac = (algorithm: HmacAlgorithm, key: KeyObject, ...parts: Buffer[]): Buffer =>
  Buffer.from(macOf(algorithm, key)(parts), 'hex');
