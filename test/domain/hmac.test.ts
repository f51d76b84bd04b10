import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmac } from '../../src/domain/hmac.ts';

const algorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
/** Around the blocks of the hash functions: a longer key is hashed first. */
const keyLengths = [0, 1, 20, 63, 64, 65, 127, 128, 129, 1_000];
/** Below, at and above what is put together in memory that is used again. */
const bodyLengths = [0, 1, 1_000, 65_471, 65_472, 65_473, 200_000];

const platforms = (algorithm: string, key: Buffer, ...parts: (string | Buffer)[]): string => {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest('hex');
};

describe.each(algorithms)('an HMAC with %s', (algorithm) => {
  it.each(keyLengths)('is the platform’s for a key of %i bytes', (length) => {
    const key = randomBytes(length);
    const parts = ['é.', randomBytes(300), '', 'end'];
    const mac = hmac(algorithm, createSecretKey(key), ...parts);
    expect(mac.toString('hex')).toBe(platforms(algorithm, key, ...parts));
  });

  it.each(bodyLengths)('is the platform’s for a body of %i bytes', (length) => {
    const key = randomBytes(32);
    const body = randomBytes(length);
    const mac = hmac(algorithm, createSecretKey(key), body);
    expect(mac.toString('hex')).toBe(platforms(algorithm, key, body));
  });

  it('stays as it is when another one is made', () => {
    const key = randomBytes(32);
    const prepared = createSecretKey(key);
    const first = hmac(algorithm, prepared, 'first');
    hmac(algorithm, prepared, 'second');
    expect(first.toString('hex')).toBe(platforms(algorithm, key, 'first'));
  });
});

// RFC 4231 §4.3
it('is what the RFC gives as an example', () => {
  const mac = hmac('sha256', createSecretKey('Jefe', 'utf8'), 'what do ya want for nothing?');
  expect(mac.toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
