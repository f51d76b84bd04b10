import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKeySet } from '../src/key-set-file.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const jwk = (key: KeyObject) => key.export({ format: 'jwk' });
const publicKey = jwk(ec.publicKey);

describe('a key set beside the server', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tripline-test-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const read = async (content: unknown) => {
    const path = join(directory, 'keys.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return readKeySet(pathToFileURL(path).href);
  };

  it('is read as it is, several keys at once', async () => {
    const set = {
      keys: [
        { ...publicKey, kid: 'old' },
        { ...jwk(ed.publicKey), kid: 'new' },
      ],
    };
    expect(await read(set)).toEqual(set);
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no keys', { keys: [] }],
    ['a key alone', publicKey],
    ['a private key', { keys: [publicKey, jwk(ec.privateKey)] }],
    ['a shared secret', { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }],
    ['a broken key', { keys: [{ ...publicKey, x: 'AAAA' }] }],
    ['a short RSA key', { keys: [jwk(weak.publicKey)] }],
  ])('does not do with %s', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining('keys.json is not a JWKS of public keys'),
    });
  });

  it('must be there', () => {
    expect(() => readKeySet('file:///nowhere/keys.json')).toThrow('/nowhere/keys.json');
  });
});
