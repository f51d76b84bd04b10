import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmac } from '../../src/domain/hmac.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((some) => Buffer.from(some));

it('an HMAC is the one OpenSSL gives, for keys and messages of any length', () => {
  const algorithms = fc.constantFrom('sha1', 'sha256', 'sha384', 'sha512');
  const keys = bytes(300).filter((key) => key.length > 0);
  const longOnes = fc.integer({ min: 65_000, max: 66_000 }).map((size) => Buffer.alloc(size, 7));
  const parts = fc.array(fc.oneof(bytes(200), longOnes), { maxLength: 3 });
  fc.assert(
    fc.property(algorithms, keys, parts, (algorithm, key, message) => {
      const secret = createSecretKey(key);
      const expected = createHmac(algorithm, secret).update(Buffer.concat(message)).digest();
      expect(hmac(algorithm, secret, ...message)).toEqual(expected);
      expect(hmac(algorithm, secret, ...message)).toEqual(expected);
    }),
  );
});
