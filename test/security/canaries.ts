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

const fourFrom = (bytes: Buffer): number => bytes.readInt32BE(0);
const slotOf = (four: number): number => Math.imul(four, 0x9e3779b1) >>> 16;

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Looks for all needles in one pass: for each by itself it would be hundreds over all that is on disk. */
const createSearch = () => {
  const byBeginning = new Map<number, Needle[]>();
  const slots = new Uint8Array(65_536);
  const none: readonly Needle[] = [];
  const beginningWith = (four: number): readonly Needle[] =>
    slots[slotOf(four)] === 0 ? none : (byBeginning.get(four) ?? none);
  return {
    add(needle: Needle): void {
      const four = fourFrom(needle.bytes);
      slots[slotOf(four)] = 1;
      byBeginning.set(four, [...(byBeginning.get(four) ?? []), needle]);
    },
    in(bytes: Buffer): ReadonlySet<Needle> {
      const found = new Set<Needle>();
      let four = bytes.length < 4 ? 0 : bytes.readUIntBE(0, 3);
      for (let end = 4; end <= bytes.length; end += 1) {
        four = (four << 8) | (bytes[end - 1] as number);
        for (const needle of beginningWith(four)) {
          const start = end - 4;
          const there = bytes.subarray(start, start + needle.bytes.length);
          if (there.equals(needle.bytes)) found.add(needle);
        }
      }
      return found;
    },
  };
};

/** Secrets that were planted, and where any of them can be seen. */
export const createAviary = () => {
  const search = createSearch();
  const add = (canary: string, secret: string | Buffer): void => {
    for (const [form, bytes] of formsOf(Buffer.from(secret))) search.add({ canary, form, bytes });
  };
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
    sightings: (where: string, content: Buffer | string): readonly Sighting[] =>
      [...search.in(Buffer.from(content))].map(({ canary, form }) => ({ canary, where, form })),
  };
};

export type Aviary = ReturnType<typeof createAviary>;
