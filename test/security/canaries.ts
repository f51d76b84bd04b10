import { randomBytes } from 'node:crypto';

export interface Sighting {
  readonly canary: string;
  readonly where: string;
  readonly form: string;
}

/** What of the base64 of bytes does not depend on what stands around them, for each of three offsets. */
const base64Cores = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -1);
  });

type Form = readonly [form: string, needle: Buffer];

/** The spellings in which a careless program could let a secret out. */
const formsOf = (secret: Buffer): readonly Form[] => {
  const text = secret.toString('latin1');
  return [
    ['as it is', secret],
    ['percent-encoded', Buffer.from(encodeURIComponent(text))],
    ['hex', Buffer.from(secret.toString('hex'))],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ...base64Cores(secret).flatMap((core): readonly Form[] => [
      ['base64', Buffer.from(core)],
      ['base64url', Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_'))],
    ]),
  ];
};

/** Secrets that were planted, and where any of them can be seen. */
export const createAviary = () => {
  const canaries: { readonly name: string; readonly forms: readonly Form[] }[] = [];
  const add = (name: string, secret: string | Buffer): void =>
    void canaries.push({ name, forms: formsOf(Buffer.from(secret)) });
  return {
    /** To be looked for from now on. */
    add,
    /** A new secret, which occurs nowhere by chance. */
    plant: (name: string): string => {
      const text = `canary-${name}-${randomBytes(16).toString('hex')}`;
      add(name, text);
      return text;
    },
    /** 32 new bytes; what they look like in base64 is looked for like the bytes themselves. */
    plantKey: (name: string): string => {
      const key = randomBytes(32);
      add(name, key);
      return key.toString('base64');
    },
    sightings: (where: string, content: Buffer | string): readonly Sighting[] => {
      const bytes = Buffer.from(content);
      return canaries.flatMap(({ name, forms }) =>
        forms
          .filter(([, needle]) => bytes.includes(needle))
          .map(([form]) => ({ canary: name, where, form })),
      );
    },
  };
};

export type Aviary = ReturnType<typeof createAviary>;
