import { describe, expect, it } from 'vitest';
import type { RegistryEntry } from '../../projections/registry.ts';
import { refuseMissingKeys } from '../../src/operations/encryption-keys.ts';

const sealed = (keyVersion: number, more: object = {}) => ({
  value: 'QUJD',
  encrypted: true,
  keyVersion,
  ...more,
});
const entry = (entity: string, members: object) =>
  ({ entity, workspace: 'acme', ...members }) as unknown as RegistryEntry;
const under = (...versions: number[]) => ({
  knows: (version: number) => versions.includes(version),
});

describe('a log with secrets', () => {
  const registry = [
    entry('function', { signingSecret: sealed(2), previousSecret: sealed(1) }),
    entry('trigger', { triggerMetadata: { signature: { secrets: [sealed(3)] }, params: {} } }),
    entry('draft', { content: { triggerMetadata: { params: { token: sealed(4) } } } }),
    entry('api-key', { secretSha256: 'ab' }),
  ];

  it('is refused without the keys for them, all of which are named', () => {
    expect(() => refuseMissingKeys(registry, under(2))).toThrow('version 1, 3, 4;');
    expect(() => refuseMissingKeys(registry, under(1, 2, 3, 4))).not.toThrow();
  });

  it('needs no key for what only looks like a secret, nor for an entry that is broken', () => {
    const params = { a: sealed(9, { more: 1 }), b: sealed(9, { value: '!' }), c: 7 };
    const odd = [
      entry('trigger', { triggerMetadata: { params } }),
      entry('trigger', { triggerMetadata: null }),
      entry('function', { signingSecret: null }),
      entry('draft', {}),
    ];
    expect(() => refuseMissingKeys(odd, under())).not.toThrow();
  });
});
