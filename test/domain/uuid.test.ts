import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { randomUuid, uuidOf } from '../../src/domain/uuid.ts';

describe('a UUID', () => {
  it('is the name-based one of RFC 9562 A.4 for the same bytes', () => {
    const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    const bytes = createHash('sha1').update(dns).update('www.example.com').digest();
    expect(uuidOf(bytes, 5)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('is the random one of RFC 9562 A.3 for the same bytes', () => {
    const bytes = Buffer.from('919108f752d133205bacf847db4148a8', 'hex');
    expect(uuidOf(bytes, 4)).toBe('919108f7-52d1-4320-9bac-f847db4148a8');
  });

  it('has all of its bytes but the six bits of version and variant, wherever they stand', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(bytes, fc.nat(40), (given, from) => {
        const text = uuidOf(Buffer.concat([Buffer.alloc(from, 0xff), given]), 4, from);
        const marked = Buffer.from(given);
        marked[6] = ((given[6] ?? 0) & 0x0f) | 0x40;
        marked[8] = ((given[8] ?? 0) & 0x3f) | 0x80;
        expect(text.replaceAll('-', '')).toBe(marked.toString('hex'));
      }),
    );
  });

  it('at random has the form of version 4', () => {
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (let drawn = 0; drawn < 1_000; drawn += 1) expect(randomUuid()).toMatch(form);
  });

  it('at random is drawn, from the first one on', async () => {
    vi.resetModules();
    const fresh: typeof import('../../src/domain/uuid.ts') = await import(
      '../../src/domain/uuid.ts'
    );
    const drawn = Array.from({ length: 1_000 }, fresh.randomUuid);
    expect(new Set(drawn).size).toBe(1_000);
    expect(drawn[0]).not.toBe(uuidOf(new Uint8Array(16), 4));
  });
});
