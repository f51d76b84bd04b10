import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';

const key = (version: number) => ({ version, key: new Uint8Array(32).fill(version) });
const ring = createKeyRing([key(1), key(2)], systemChance);
const context = ['acme', 'trigger-1', 'params.token'];

describe('the key ring', () => {
  it('opens what it sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.string()), (value, where) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(ring.open(ring.seal(plain, where), where)).toEqual(plain);
      }),
    );
  });

  it('seals with the last key and under a fresh nonce, and says nothing of the text', () => {
    const first = ring.seal('hunter2-hunter2', context);
    expect(first).toMatchObject({ encrypted: true, keyVersion: 2 });
    expect(ring.seal('hunter2-hunter2', context).value).not.toBe(first.value);
    expect(Buffer.from(first.value, 'base64').toString('latin1')).not.toContain('hunter2');
  });

  it('opens what an older key sealed', () => {
    const sealed = createKeyRing([key(1)], systemChance).seal('old', context);
    expect(ring.open(sealed, context)).toBe('old');
  });

  it('does not open it elsewhere: other workspace, other entity, other member, other split', () => {
    const sealed = ring.seal('secret', ['ab', 'c', 'd']);
    for (const where of [
      ['x', 'c', 'd'],
      ['ab', 'x', 'd'],
      ['ab', 'c', 'x'],
      ['a', 'bc', 'd'],
      [],
    ]) {
      expect(() => ring.open(sealed, where)).toThrow('cannot be opened');
    }
  });

  it('does not open text with any byte altered, cut off or missing altogether', () => {
    const { value, ...rest } = ring.seal('secret', context);
    const bytes = Buffer.from(value, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      const sealed = { ...rest, value: altered.toString('base64') };
      expect(() => ring.open(sealed, context)).toThrow('cannot be opened');
      const cut = { ...rest, value: bytes.subarray(0, at).toString('base64') };
      expect(() => ring.open(cut, context)).toThrow('cannot be opened');
    }
  });

  it('does not open it as the work of another key', () => {
    const sealed = ring.seal('secret', context);
    expect(() => ring.open({ ...sealed, keyVersion: 1 }, context)).toThrow('cannot be opened');
    expect(() => ring.open({ ...sealed, keyVersion: 9 }, context)).toThrow('is not configured');
  });

  it('seals with the last key, whatever its version, and knows all it has', () => {
    const turned = createKeyRing([key(2), key(1)], systemChance);
    expect(turned.newest).toBe(1);
    expect(turned.seal('secret', context).keyVersion).toBe(1);
    expect([1, 2, 3].map((version) => turned.knows(version))).toEqual([true, true, false]);
  });

  it('says what could not be opened, and why', () => {
    expect(() => ring.open({ value: '', encrypted: true, keyVersion: 1 }, context)).toThrow(
      expect.objectContaining({
        code: 'secret-unreadable',
        message: expect.stringContaining('acme/trigger-1/params.token'),
        cause: expect.any(Error),
      }),
    );
  });

  it('refuses no keys, short keys, and two keys of one version', () => {
    expect(() => createKeyRing([], systemChance)).toThrow('at least one');
    expect(() => createKeyRing([{ version: 1, key: new Uint8Array(16) }], systemChance)).toThrow(
      '32 bytes',
    );
    expect(() => createKeyRing([key(1), key(1)], systemChance)).toThrow('version of its own');
    expect(() => createKeyRing([{ ...key(1), version: 0 }], systemChance)).toThrow(
      'positive integer',
    );
  });
});
