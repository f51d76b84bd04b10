import { fnv1a } from '../src/domain/fnv.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const pairs = [...alphabet].flatMap((first) => [...alphabet].map((second) => first + second));

const fingerprintLength = 4;

/** Folded FNV-1a: 24 bits in four characters. Equal texts agree, different ones hardly ever. */
export const fingerprintOf = (text: string): string => {
  const hash = fnv1a(text);
  const folded = hash ^ (hash >>> 24);
  return `${pairs[folded & 4_095]}${pairs[(folded >>> 12) & 4_095]}`;
};

/** Whether a row of fingerprints, written one after the other, has this one. */
export const hasFingerprint = (row: string, fingerprint: string): boolean => {
  let at = row.indexOf(fingerprint);
  while (at % fingerprintLength > 0) at = row.indexOf(fingerprint, at + 1);
  return at >= 0;
};
