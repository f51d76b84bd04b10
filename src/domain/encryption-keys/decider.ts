import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf, Fact } from '../events.ts';

export type KeyMark = Readonly<DataOf<'EncryptionKeyIntroduced'>>;

export interface IntroduceKeys {
  readonly type: 'IntroduceKeys';
  readonly keys: readonly KeyMark[];
}

/** Fingerprints of the keys that this log was ever written with, by version. */
export type KnownKeys = ReadonlyMap<number, string>;

/** A version stands for one key for ever: what it has sealed opens with no other. */
export const encryptionKeys: Decider<KnownKeys, IntroduceKeys, Fact<'EncryptionKeyIntroduced'>> = {
  initialState: new Map(),
  evolve: (known, { data: { version, fingerprint } }) => new Map(known).set(version, fingerprint),
  decide({ keys }, known) {
    const others = keys.filter(
      ({ version, fingerprint }) => (known.get(version) ?? fingerprint) !== fingerprint,
    );
    if (others.length > 0) {
      throw new TriplineError(
        'invalid-configuration',
        `this log was written with another encryption key of version ${others.map(({ version }) => version).join(', ')}: set TRIPLINE_ENCRYPTION_KEYS to the keys it was written with, or put their encryption.key back into the data directory`,
      );
    }
    return keys
      .filter(({ version }) => !known.has(version))
      .map((data) => ({ type: 'EncryptionKeyIntroduced', data }));
  },
};
