import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { TriplineError } from '../domain/errors.ts';
import { invalidField } from '../domain/invalid.ts';

interface Bounds {
  readonly maxOutputLength: number;
}
type Decompress = (bytes: Buffer, bounds: Bounds) => Promise<Buffer>;

const gunzipped: Decompress = promisify(gunzip);
const inflated: Decompress = promisify(inflate);
const inflatedRaw: Decompress = promisify(inflateRaw);
const brotliDecompressed: Decompress = promisify(brotliDecompress);

/** RFC 1950 §2.2: what `deflate` means; some senders leave this frame away. */
const hasZlibFrame = (bytes: Buffer): boolean =>
  bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;

const codings: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', gunzipped],
  ['x-gzip', gunzipped],
  [
    'deflate',
    (bytes, bounds) => (hasZlibFrame(bytes) ? inflated(bytes, bounds) : inflatedRaw(bytes, bounds)),
  ],
  ['br', brotliDecompressed],
]);

/** What `Accept-Encoding` says of us where a body cannot be decompressed. */
export const knownCodings = 'gzip, deflate, br';

/** Nobody compresses more often, but to make work. */
const mostCodings = 2;

/** In the order in which the sender applied them. */
export const codingsIn = (header: string | undefined): readonly string[] =>
  (header ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');

const decompressorsOf = (names: readonly string[]): readonly Decompress[] => {
  const found = names.flatMap((name) => codings.get(name) ?? []);
  if (found.length === names.length && names.length <= mostCodings) return found;
  throw new TriplineError(
    'unsupported-media-type',
    `the body must not be compressed, or with one of ${knownCodings}`,
  );
};

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const refusalOf = (error: unknown, names: readonly string[]): unknown => {
  const code = codeOf(error);
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return new TriplineError('payload-too-large', 'the body is longer than the limit unpacked');
  const isBroken = /^(Z_|ERR__ERROR)/.test(String(code));
  return isBroken ? invalidField('body', `is not ${names.join(', ')}, as it is said to be`) : error;
};

/**
 * A body as it was before the sender compressed it, never longer than `limit` bytes: a small body
 * that unpacks to a large one is given up there. Nothing stays nothing.
 */
export const unpacked = async (
  bytes: Buffer,
  names: readonly string[],
  limit: number,
): Promise<Buffer> => {
  const decompressors = decompressorsOf(names);
  if (bytes.length === 0) return bytes;
  let plain = bytes;
  try {
    // The last one applied comes off first.
    for (const decompress of decompressors.toReversed())
      plain = await decompress(plain, { maxOutputLength: limit });
  } catch (error) {
    throw refusalOf(error, names);
  }
  return plain;
};
