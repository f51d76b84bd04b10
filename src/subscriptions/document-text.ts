import { crc32 } from 'node:zlib';
import { DamagedViews } from './view-damage.ts';

export interface DocumentRow {
  readonly key: string;
  readonly checksum: number;
  readonly document: string;
}

/** SQLite does not notice a flipped bit in a value; this does, also when a row sits under a wrong key. */
export const checksumOf = (key: string, document: string): number => crc32(document, crc32(key));

/** The document as it was written, or a throw. */
export const documentIn = <Document>({ key, checksum, document }: DocumentRow): Document => {
  if (checksumOf(key, document) !== checksum) {
    throw new DamagedViews(`the document ${key} is not what was written`);
  }
  return JSON.parse(document);
};
