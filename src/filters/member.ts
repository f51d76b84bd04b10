import type { Json } from '../domain/json.ts';

/** A member of an object's own; undefined where there is none, whatever its prototype has. */
export const ownMember = (
  object: Readonly<Record<string, Json | undefined>>,
  name: string,
): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);
