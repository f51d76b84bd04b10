import type { ApiDocument } from './document.ts';

const schemaPrefix = '#/components/schemas/';

export const refTo = (name: string) => ({ $ref: `${schemaPrefix}${name}` });

/** A copy in which every reference is what the function makes of its name. */
const withRefs = (value: unknown, rename: (name: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => withRefs(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const isRef = key === '$ref' && typeof member === 'string';
      return isRef && member.startsWith(schemaPrefix)
        ? [key, schemaPrefix + rename(member.slice(schemaPrefix.length))]
        : [key, withRefs(member, rename)];
    }),
  );
};

const namesIn = (value: unknown): ReadonlySet<string> => {
  const names = new Set<string>();
  withRefs(value, (name) => {
    names.add(name);
    return name;
  });
  return names;
};

/** What is referred to, and what that refers to. */
const reachable = ({ paths, components }: ApiDocument): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const name of namesIn(value)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(components.schemas[name]);
    }
  };
  visit({ paths, ...components, schemas: {} });
  return found;
};

const suffix = /Input$/;

/**
 * The generator writes each named schema twice, as it is sent and as it is answered, though most are
 * only one of both. What nobody refers to goes, and what is left has its own name where it can.
 */
export const tidied = (document: ApiDocument): ApiDocument => {
  const used = reachable(document);
  const nameOf = (name: string): string => {
    const own = name.replace(suffix, '');
    return used.has(own) ? name : own;
  };
  const { schemas } = document.components;
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  const whole = {
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(kept.map(([name, schema]) => [nameOf(name), schema])),
    },
  };
  return withRefs(whole, nameOf) as ApiDocument;
};
