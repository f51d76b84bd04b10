import { describe, expect, it } from 'vitest';
import { letGo } from '../src/let-go.ts';

describe('memory that is let go', () => {
  it('is gone at once, and so is all that lay in it', () => {
    const bytes = Buffer.allocUnsafeSlow(1_000);
    const part = bytes.subarray(10, 20);
    letGo(bytes);
    expect([bytes.length, part.length, bytes.buffer.byteLength]).toEqual([0, 0, 0]);
  });

  it('may be let go twice', () => {
    const bytes = new Uint8Array(1_000);
    letGo(bytes);
    letGo(bytes);
    expect(bytes.length).toBe(0);
  });
});
