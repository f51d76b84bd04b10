import type { RegistryEntry } from '../../projections/registry.ts';
import type { Actors } from '../actors/actors.ts';
import { encryptionKeysAddress } from '../actors/addresses.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import { encryptionKeys } from '../domain/encryption-keys/decider.ts';
import { TriplineError } from '../domain/errors.ts';
import { systemWorkspace } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { sealedMembers } from '../sealing/metadata.ts';

interface KeyCheckDeps {
  readonly actors: Pick<Actors, 'ask' | 'read'>;
  readonly sealing: KeyRing;
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: () => string;
}

/** Throws `invalid-configuration` unless there is a key of every version that current secrets are under. */
export const refuseMissingKeys = (
  registry: Iterable<RegistryEntry>,
  sealing: Pick<KeyRing, 'knows'>,
): void => {
  const missing = new Set<number>();
  for (const entry of registry) {
    for (const { sealed } of sealedMembers(entry as unknown as JsonObject)) {
      if (!sealing.knows(sealed.keyVersion)) missing.add(sealed.keyVersion);
    }
  }
  if (missing.size === 0) return;
  const versions = [...missing].sort((a, b) => a - b).join(', ');
  throw new TriplineError(
    'invalid-configuration',
    `there are secrets in this log under encryption keys that are not configured: version ${versions}; add them to TRIPLINE_ENCRYPTION_KEYS`,
  );
};

const command = ({ fingerprints }: KeyRing) =>
  ({ type: 'IntroduceKeys', keys: fingerprints }) as const;

/** Throws `invalid-configuration` where the log knows one of our versions as another key. */
export const refuseOtherKeys = async ({ actors, sealing }: KeyCheckDeps): Promise<void> => {
  const { state } = await actors.read(encryptionKeysAddress());
  encryptionKeys.decide(command(sealing), state);
};

/** From now on the log knows our keys, whatever process comes next. */
export const introduceKeys = async (deps: KeyCheckDeps): Promise<void> => {
  await deps.actors.ask(encryptionKeysAddress(), command(deps.sealing), {
    workspace: systemWorkspace,
    actor: 'system:keys',
    occurredAt: isoOf(deps.clock.now()),
    $correlationId: deps.newId(),
  });
};
