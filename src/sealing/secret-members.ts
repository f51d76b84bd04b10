import { Sealed } from '../domain/facts/sealed.ts';
import type { Json, JsonObject } from '../domain/json.ts';

export type Path = readonly (string | number)[];

export const dotted = (path: Path): string => path.join('.');

/** Where a member stands, whatever its place in the lists around it. */
export const placeOf = (path: Path): string =>
  dotted(path.filter((part) => typeof part === 'string'));

const sealedForm = Sealed.strict();

export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSealed = (value: Json): value is Sealed =>
  isObject(value) && value['encrypted'] === true && sealedForm.safeParse(value).success;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/**
 * A copy of `value` in which `replace` has had its say on every member, outermost first; undefined
 * from it means: look inside.
 */
export const mapMembers = (
  value: Json,
  path: Path,
  replace: (value: Json, path: Path) => Json | undefined,
): Json => {
  const replaced = replace(value, path);
  if (replaced !== undefined) return replaced;
  if (isList(value)) return value.map((item, at) => mapMembers(item, [...path, at], replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      mapMembers(member, [...path, key], replace),
    ]),
  );
};
