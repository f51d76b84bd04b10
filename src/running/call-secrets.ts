import type { KeyObject } from 'node:crypto';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { Json } from '../domain/json.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { openParams } from '../sealing/metadata.ts';
import { signingKeyOf } from './signing.ts';

export interface CallSecretsDeps {
  readonly sealing: KeyRing;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a call takes that is sealed; each throws `secret-unreadable` where it cannot be opened. */
export const createCallSecrets = ({ sealing, clock }: CallSecretsDeps) => {
  // By the sealed members themselves: what was opened lives as long as the registry entry it is of.
  const keys = new WeakMap<Sealed, KeyObject>();
  const opened = new WeakMap<object, Json>();

  const keyOf = (sealed: Sealed, { workspace, functionId }: FunctionEntry): KeyObject => {
    const known = keys.get(sealed);
    if (known) return known;
    const key = signingKeyOf(sealing.open(sealed, [workspace, functionId, 'signingSecret']));
    if (key === undefined) {
      throw new TriplineError('secret-unreadable', 'the signing secret has no known form');
    }
    keys.set(sealed, key);
    return key;
  };

  return {
    keysOf(target: FunctionEntry): readonly KeyObject[] {
      const { signingSecret, previousSecret, previousUntil } = target;
      const overlaps = previousSecret && previousUntil && clock.now() < Date.parse(previousUntil);
      return overlaps
        ? [keyOf(signingSecret, target), keyOf(previousSecret, target)]
        : [keyOf(signingSecret, target)];
    },
    paramsOf({ triggerMetadata, workspace, triggerId }: TriggerEntry): Json {
      const known = opened.get(triggerMetadata);
      if (known) return known;
      const params = openParams(triggerMetadata, { workspace, triggerId, keyRing: sealing });
      opened.set(triggerMetadata, params);
      return params;
    },
  };
};
