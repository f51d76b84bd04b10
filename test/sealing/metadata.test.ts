import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';
import { openMetadata, openParams, sealMetadata } from '../../src/sealing/metadata.ts';

const keyRing = createKeyRing([{ version: 3, key: new Uint8Array(32).fill(7) }], systemChance);
const owner = { workspace: 'acme', triggerId: 'trigger-1', keyRing };
const kind = { secretPaths: ['hmac.secret', 'signature.secrets'] };

const seal = (metadata: JsonObject, stored?: JsonObject) =>
  sealMetadata(kind, metadata, owner, stored);
const encrypt = (value: JsonObject[string]) => ({ value, encrypt: true });
const sealedForm = { value: expect.any(String), encrypted: true, keyVersion: 3 };

const metadata = {
  path: '/github',
  hmac: { secret: 'plain-hmac', header: 'X-Sign' },
  signature: { scheme: 'github', secrets: ['plain-a', encrypt('plain-b')] },
  params: {
    open: { value: 1, encrypt: false },
    token: encrypt('plain-token'),
    deep: [{ list: [encrypt({ any: ['plain-json', null] })] }],
  },
};

describe('sealed metadata', () => {
  it('holds no secret in the clear, and everything else as it was', () => {
    const sealed = seal(metadata);
    expect(JSON.stringify(sealed)).not.toContain('plain-');
    expect(sealed).toEqual({
      path: '/github',
      hmac: { secret: sealedForm, header: 'X-Sign' },
      signature: { scheme: 'github', secrets: [sealedForm, sealedForm] },
      params: {
        open: { value: 1, encrypt: false },
        token: sealedForm,
        deep: [{ list: [sealedForm] }],
      },
    });
  });

  it('opens to the bare values', () => {
    const opened = openMetadata(seal(metadata), owner);
    expect(opened).toMatchObject({
      hmac: { secret: 'plain-hmac' },
      signature: { secrets: ['plain-a', 'plain-b'] },
    });
    expect(openParams(seal(metadata), owner)).toEqual({
      open: { value: 1, encrypt: false },
      token: 'plain-token',
      deep: [{ list: [{ any: ['plain-json', null] }] }],
    });
    expect(openParams({ path: '/x' }, owner)).toEqual({});
  });

  it('may be sent back as it was shown', () => {
    const stored = seal(metadata);
    expect(seal(stored, stored)).toEqual(stored);
  });

  it('lets a secret move within its list while a new one comes before it', () => {
    const stored = seal({ signature: { secrets: ['old'] } });
    const { signature } = stored as { signature: { secrets: JsonObject[] } };
    const rotated = seal({ signature: { secrets: ['new', ...signature.secrets] } }, stored);
    expect(openMetadata(rotated, owner)).toEqual({ signature: { secrets: ['new', 'old'] } });
  });

  it('refuses a sealed value on creation, a foreign one, and one from another place', () => {
    const stored = seal({ params: { a: encrypt(1), b: encrypt(2) } });
    const { params } = stored as { params: JsonObject };
    const { a = null, b = null } = params;
    const refusal = 'triggerMetadata.params.a must be a new value or the stored one';
    expect(() => seal({ params: { a } })).toThrow(refusal);
    expect(() => seal({ params: { a: b } }, stored)).toThrow(refusal);
    const foreign = sealMetadata(kind, metadata, { ...owner, triggerId: 'trigger-2' });
    expect(() => seal(foreign, seal(metadata))).toThrow('must be a new value or the stored one');
  });

  it('takes a sealed value back only with its very text and key', () => {
    const stored = seal({ params: { a: encrypt(1) } });
    const { a } = (stored as { params: { a: JsonObject } }).params;
    for (const forged of [
      { ...a, keyVersion: 4 },
      { ...a, value: Buffer.alloc(40).toString('base64') },
    ]) {
      expect(() => seal({ params: { a: forged } }, stored)).toThrow(
        expect.objectContaining({
          code: 'validation-failed',
          details: [
            { field: 'triggerMetadata.params.a', message: 'must be a new value or the stored one' },
          ],
        }),
      );
    }
  });

  it('is asked to encrypt among the parameters and where secrets stand, nowhere else', () => {
    const elsewhere = { hmac: { header: encrypt('X-Sign') }, labels: [encrypt('a')] };
    expect(seal(elsewhere)).toEqual(elsewhere);
  });

  it.each([null, 0, false, '', [], {}])('keeps a parameter that is %j', (value) => {
    expect(seal({ params: { value, list: [value] } })).toEqual({
      params: { value, list: [value] },
    });
  });

  it('refuses a wish to encrypt nothing, naming the member', () => {
    expect(() => seal({ params: { list: [{ encrypt: true }] } })).toThrow(
      'triggerMetadata.params.list.0 must have a value to encrypt',
    );
    expect(() => seal({ params: { x: { ...encrypt(1), more: 2 } } })).toThrow(
      'triggerMetadata.params.x must have no members beside value and encrypt',
    );
  });

  it('does not open for another workspace or trigger', () => {
    const sealed = seal(metadata);
    expect(() => openMetadata(sealed, { ...owner, workspace: 'other' })).toThrow(
      'cannot be opened',
    );
    expect(() => openMetadata(sealed, { ...owner, triggerId: 'other' })).toThrow(
      'cannot be opened',
    );
  });

  it('keeps a member called __proto__ as data', () => {
    const params = JSON.parse('{"__proto__":{"x":1}}');
    expect(JSON.stringify(seal({ params }))).toBe('{"params":{"__proto__":{"x":1}}}');
  });
});
