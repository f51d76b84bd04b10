import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64Length, writeBase64 } from '../../src/domain/base64.ts';

it('bytes are written in base64 as the platform does it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const target = Buffer.alloc(base64Length(bytes.length) + 1, '!');
      writeBase64(bytes, target);
      expect(target.toString()).toBe(`${Buffer.from(bytes).toString('base64')}!`);
    }),
  );
});
