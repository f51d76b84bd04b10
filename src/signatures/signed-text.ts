import type { SignedRequest } from './scheme.ts';

const part = /\{(timestamp|id|body)\}/g;
/** Of an id that is a part of the text; nothing in it is a separator. Empty where there is none. */
const idForm = /^[\w-]{0,256}$/;

/** Whether a template names these parts, each once, and no other. */
export const namesOnly = (template: string, parts: readonly string[]): boolean => {
  const named = [...template.matchAll(part)].map(([, name = '']) => name);
  const isPlain = !/[{}]/.test(template.replaceAll(part, ''));
  return isPlain && named.length === parts.length && parts.every((name) => named.includes(name));
};

/**
 * Whether an id has on both sides what no id has. A timestamp has one length; but an id beside another
 * part could lend it its end, and the same signature would be one of two requests.
 */
export const setsIdOff = (template: string): boolean =>
  !template.includes('{id}') || /(?:^|[^\w{}-])\{id\}(?:[^\w{}-]|$)/.test(template);

export const isPlainId = (id: string): boolean => idForm.test(id);

/** The text in parts, the body as it is. */
export const signedText = (
  template: string,
  { timestamp, id }: { readonly timestamp: string; readonly id: string },
  { rawBody }: SignedRequest,
): readonly (string | Buffer)[] => {
  const [before = '', behind = ''] = template
    .split('{body}')
    .map((text) => text.replace('{timestamp}', timestamp).replace('{id}', id));
  return [before, rawBody, behind];
};
