const form = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** RFC 6901. */
export const isJsonPointer = (text: string): boolean => form.test(text);

const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');
const index = /^(?:0|[1-9]\d*)$/;

const memberOf = (value: unknown, token: string): unknown => {
  if (Array.isArray(value)) return index.test(token) ? value[Number(token)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[token];
};

/** What a JSON pointer points at; undefined where there is nothing. */
export const pointedAt = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, token) => memberOf(value, unescaped(token)), document);
