import type { Chance } from '../domain/chance.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { type MetadataOwner, sealedMembers, withoutSealed } from '../sealing/metadata.ts';
import { mapMembers } from '../sealing/secret-members.ts';

/** Metadata to be compared without anybody learning of the secrets in it. */
export interface SecretMasks {
  /** `isOnRecord`: of one that is not, nobody can try out whether it is like one that is. */
  masked(metadata: JsonObject, isOnRecord: (sealed: Sealed) => boolean): JsonObject;
  /** Masks as they may be shown. */
  shown(value: Json): Json;
}

export const isOneOf = (metadata: JsonObject): ((sealed: Sealed) => boolean) => {
  const values = new Set(sealedMembers(metadata).map(({ sealed }) => sealed.value));
  return ({ value }) => values.has(value);
};

/** Equal masks stand for equal secrets, as long as these are kept and only among them. */
export const createSecretMasks = (owner: MetadataOwner, chance: Chance): SecretMasks => {
  const prefix = `${chance.newId()}/`;
  const known = new Map<string, string>();
  let masks = 0;

  const newMask = (): string => {
    masks += 1;
    return `${prefix}${masks}`;
  };
  const nameOf = ({ value }: Sealed, open: () => Json): string => {
    try {
      return `is ${JSON.stringify(open())}`;
    } catch (error) {
      if (!isTriplineError(error, 'secret-unreadable')) throw error;
      return `as ${value}`;
    }
  };
  const maskOf = (name: string): string => {
    const mask = known.get(name) ?? newMask();
    known.set(name, mask);
    return mask;
  };

  return {
    masked: (metadata, isOnRecord) =>
      withoutSealed(metadata, owner, (sealed, open) =>
        isOnRecord(sealed) ? maskOf(nameOf(sealed, open)) : newMask(),
      ),
    shown: (value) =>
      mapMembers(value, [], (member) =>
        typeof member === 'string' && member.startsWith(prefix) ? { encrypted: true } : undefined,
      ),
  };
};
