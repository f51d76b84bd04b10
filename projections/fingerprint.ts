const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const pairs = [...alphabet].flatMap((first) => [...alphabet].map((second) => first + second));

export const fingerprintLength = 5;

/** Thirty bits of FNV-1a, spelled in five characters: equal texts agree, different ones hardly ever. */
export const fingerprintOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `${pairs[hash & 4_095]}${pairs[(hash >>> 12) & 4_095]}${alphabet[(hash >>> 24) & 63]}`;
};

/** Whether a row of fingerprints, written one after the other, has this one. */
export const hasFingerprint = (row: string, fingerprint: string): boolean => {
  let at = row.indexOf(fingerprint);
  while (at >= 0 && at % fingerprintLength !== 0) at = row.indexOf(fingerprint, at + 1);
  return at >= 0;
};
