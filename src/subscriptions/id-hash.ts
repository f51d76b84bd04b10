/** 32 bits of an id (FNV-1a): equal ids agree, so what is found by it has to be looked at. */
export const idHash = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};
