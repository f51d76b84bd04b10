const generationBytes = 4 * 1_048_576;

/** Documents touched lately, so that folding the next fact about one needs no read. Bounded by bytes. */
export const createDocumentCache = <Document>() => {
  let young = new Map<string, Document>();
  let old = new Map<string, Document>();
  let youngBytes = 0;

  const set = (key: string, document: Document, bytes: number): void => {
    young.set(key, document);
    youngBytes += bytes;
    if (youngBytes < generationBytes) return;
    old = young;
    young = new Map();
    youngBytes = 0;
  };
  return {
    get: (key: string): Document | undefined => young.get(key) ?? old.get(key),
    set,
    delete: (key: string): void => {
      young.delete(key);
      old.delete(key);
    },
  };
};
