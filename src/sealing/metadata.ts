import type { Sealed } from '../domain/facts/sealed.ts';
import { invalidField } from '../domain/invalid.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { KeyRing } from './key-ring.ts';
import { reseal } from './reseal.ts';
import { dotted, isObject, isSealed, mapMembers, type Path, placeOf } from './secret-members.ts';

export interface MetadataOwner {
  readonly workspace: string;
  readonly triggerId: string;
  readonly keyRing: KeyRing;
}

interface Secretive {
  /** Dotted paths below which every text is a secret. */
  readonly secretPaths: readonly string[];
}

const refuse = (path: Path, message: string): never => {
  throw invalidField(dotted(['triggerMetadata', ...path]), message);
};

const contextOf = ({ workspace, triggerId }: MetadataOwner, path: Path): readonly string[] => [
  workspace,
  triggerId,
  dotted(path),
];

export const sealedMembers = (metadata: JsonObject) => {
  const found: { readonly path: Path; readonly sealed: Sealed }[] = [];
  mapMembers(metadata, [], (value, path) => {
    if (!isSealed(value)) return undefined;
    found.push({ path, sealed: value });
    return value;
  });
  return found;
};

const equal = (left: Sealed, right: Sealed): boolean =>
  left.value === right.value && left.keyVersion === right.keyVersion;

/** What is to be encrypted; undefined: the member asks for nothing. */
const wishOf = (value: Json, path: Path): { readonly plaintext: Json } | undefined => {
  if (!isObject(value)) return undefined;
  const { value: plaintext, encrypt, ...others } = value;
  if (encrypt !== true) return undefined;
  if (plaintext === undefined) return refuse(path, 'must have a value to encrypt');
  if (Object.keys(others).length > 0)
    return refuse(path, 'must have no members beside value and encrypt');
  return { plaintext };
};

/**
 * The metadata as it may be recorded: every secret and every parameter marked `encrypt` is sealed
 * for its place. What GET showed may come back: a sealed value of `stored` is kept, also at another
 * place of the same list; any other sealed value is refused.
 */
export const sealMetadata = (
  { secretPaths }: Secretive,
  metadata: JsonObject,
  owner: MetadataOwner,
  stored: JsonObject = {},
): JsonObject => {
  const { keyRing } = owner;
  const known = sealedMembers(stored);

  const keep = (sealed: Sealed, path: Path): Sealed => {
    const from =
      known.find(
        (member) => equal(member.sealed, sealed) && placeOf(member.path) === placeOf(path),
      ) ?? refuse(path, 'must be a new value or the stored one');
    if (dotted(from.path) === dotted(path)) return sealed;
    return keyRing.seal(keyRing.open(sealed, contextOf(owner, from.path)), contextOf(owner, path));
  };

  const sealMember = (value: Json, path: Path): Json | undefined => {
    const isSecret = secretPaths.includes(placeOf(path));
    if (path[0] !== 'params' && !isSecret) return undefined;
    if (isSealed(value)) return keep(value, path);
    const wish = isSecret && typeof value === 'string' ? { plaintext: value } : wishOf(value, path);
    return wish && keyRing.seal(wish.plaintext, contextOf(owner, path));
  };

  return mapMembers(metadata, [], sealMember) as JsonObject;
};

/** The metadata with something else in the place of everything sealed; `open` tells what it is. */
export const withoutSealed = (
  metadata: JsonObject,
  owner: MetadataOwner,
  instead: (sealed: Sealed, open: () => Json) => Json,
): JsonObject =>
  mapMembers(metadata, [], (value, path) =>
    isSealed(value)
      ? instead(value, () => owner.keyRing.open(value, contextOf(owner, path)))
      : undefined,
  ) as JsonObject;

/** Everything sealed in the clear. For memory only. */
export const openMetadata = (metadata: JsonObject, owner: MetadataOwner): JsonObject =>
  withoutSealed(metadata, owner, (_, open) => open());

/** The metadata as somebody would write it to have the same sealed for another owner. For memory only. */
export const rewrittenMetadata = (metadata: JsonObject, owner: MetadataOwner): JsonObject =>
  mapMembers(metadata, [], (value, path) =>
    isSealed(value)
      ? { value: owner.keyRing.open(value, contextOf(owner, path)), encrypt: true }
      : undefined,
  ) as JsonObject;

/** The trigger's `params` in the clear, `{}` if it has none. For memory only. */
export const openParams = ({ params = {} }: JsonObject, owner: MetadataOwner): Json => {
  const { params: opened = {} } = openMetadata({ params }, owner);
  return opened;
};

/** The metadata with everything sealed under the newest key that can be; undefined: it is already. */
export const resealMetadata = (
  metadata: JsonObject,
  owner: MetadataOwner,
): JsonObject | undefined => {
  let changed = false;
  const renewed = mapMembers(metadata, [], (value, path) => {
    if (!isSealed(value)) return undefined;
    const again = reseal(owner.keyRing, value, contextOf(owner, path));
    changed ||= again !== value;
    return again;
  }) as JsonObject;
  return changed ? renewed : undefined;
};
