/** Whether a character, by its code point, is one of a set. */
export type CharacterSet = (point: number) => boolean;

/** General categories, as I-Regexp names them. */
const categories = /^(?:L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfno]?)$/;

export const isCategory = (name: string): boolean => categories.test(name);

/** One character at a time, so that nothing is tried twice. */
export const ofCategory = (name: string): CharacterSet => {
  const form = new RegExp(`^\\p{${name}}$`, 'u');
  return (point) => form.test(String.fromCodePoint(point));
};

export const not =
  (set: CharacterSet): CharacterSet =>
  (point) =>
    !set(point);

export const single =
  (own: number): CharacterSet =>
  (point) =>
    point === own;

export const range =
  (first: number, last: number): CharacterSet =>
  (point) =>
    point >= first && point <= last;

export const anyOf =
  (sets: readonly CharacterSet[]): CharacterSet =>
  (point) =>
    sets.some((set) => set(point));

/** What a dot stands for. */
export const notLineEnd: CharacterSet = (point) => point !== 0x0a && point !== 0x0d;
