import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';
import { openMetadata, resealMetadata, sealMetadata } from '../../src/sealing/metadata.ts';
import { reseal } from '../../src/sealing/reseal.ts';

const key = (version: number) => ({ version, key: new Uint8Array(32).fill(version) });
const old = createKeyRing([key(1)], systemChance);
const rotated = createKeyRing([key(1), key(2)], systemChance);
const context = ['acme', 'function-1', 'signingSecret'];

describe('a secret sealed anew', () => {
  it('is the same secret, under the newest key, for the same place', () => {
    const again = reseal(rotated, old.seal('secret', context), context);
    expect(again.keyVersion).toBe(2);
    expect(createKeyRing([key(2)], systemChance).open(again, context)).toBe('secret');
  });

  it('stays as it is where that key has sealed it already', () => {
    const sealed = rotated.seal('secret', context);
    expect(reseal(rotated, sealed, context)).toBe(sealed);
  });

  it('stays as it is where it cannot be read: its key may come back', () => {
    const sealed = old.seal('secret', context);
    expect(reseal(createKeyRing([key(2)], systemChance), sealed, context)).toBe(sealed);
  });

  it('is not given up for anything but being unreadable', () => {
    const broken = {
      ...rotated,
      open: () => {
        throw new Error('out of memory');
      },
    };
    expect(() => reseal(broken, old.seal('secret', context), context)).toThrow('out of memory');
  });
});

describe('metadata sealed anew', () => {
  const kind = { secretPaths: ['hmac.secret'] };
  const owner = { workspace: 'acme', triggerId: 'trigger-1' };
  const metadata: JsonObject = {
    path: '/x',
    hmac: { secret: 'a' },
    params: { b: { value: 1, encrypt: true } },
  };
  const sealed = sealMetadata(kind, metadata, { ...owner, keyRing: old });

  it('has every secret under the newest key, and all else as it was', () => {
    const renewed = resealMetadata(sealed, { ...owner, keyRing: rotated });
    const newest = { ...owner, keyRing: createKeyRing([key(2)], systemChance) };
    expect(openMetadata(renewed ?? {}, newest)).toEqual({
      path: '/x',
      hmac: { secret: 'a' },
      params: { b: 1 },
    });
  });

  it('is nothing new where there is nothing to renew', () => {
    expect(resealMetadata(sealed, { ...owner, keyRing: old })).toBeUndefined();
    expect(resealMetadata({ path: '/x' }, { ...owner, keyRing: rotated })).toBeUndefined();
  });

  it('renews what it can where one secret cannot be read', () => {
    const stranger = old.seal('lost', ['elsewhere']);
    const mixed = { ...sealed, params: { ...(sealed['params'] as JsonObject), stranger } };
    const renewed = resealMetadata(mixed, { ...owner, keyRing: rotated });
    expect(renewed).toMatchObject({
      hmac: { secret: { keyVersion: 2 } },
      params: { b: { keyVersion: 2 }, stranger },
    });
  });
});
