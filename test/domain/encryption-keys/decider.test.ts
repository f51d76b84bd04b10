import { describe, expect, it } from 'vitest';
import { encryptionKeys, type KeyMark } from '../../../src/domain/encryption-keys/decider.ts';

const key = (version: number, digit: string): KeyMark => ({
  version,
  fingerprint: digit.repeat(64),
});
const knowing = (...keys: KeyMark[]) =>
  keys.reduce(
    (known, data) => encryptionKeys.evolve(known, { type: 'EncryptionKeyIntroduced', data }),
    encryptionKeys.initialState,
  );
const introduce = (...keys: KeyMark[]) => ({ type: 'IntroduceKeys', keys }) as const;

describe('the keys of a log', () => {
  it('are introduced once, each with its fingerprint', () => {
    const facts = encryptionKeys.decide(introduce(key(1, 'a'), key(2, 'b')), knowing(key(1, 'a')));
    expect(facts).toEqual([{ type: 'EncryptionKeyIntroduced', data: key(2, 'b') }]);
    expect(encryptionKeys.decide(introduce(key(2, 'b')), knowing(key(2, 'b')))).toEqual([]);
  });

  it('keep their version to themselves', () => {
    const other = () =>
      encryptionKeys.decide(introduce(key(1, 'c'), key(2, 'b')), knowing(key(1, 'a')));
    expect(other).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
    expect(other).toThrow('version 1:');
  });
});
