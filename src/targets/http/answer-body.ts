import { isUtf8 } from 'node:buffer';
import type { Payload } from '../../domain/payload.ts';
import { payloadOf } from '../../domain/payload-of.ts';

/** An answer is read so far and then cut off. */
export const readLimitBytes = 1_048_576;
/** As much of it is kept. */
export const keptBytes = 262_144;

/** Up to three bytes less, where that leaves text that ends with a whole character. */
const endedCleanly = (bytes: Buffer): Buffer =>
  [0, 1, 2, 3].map((cut) => bytes.subarray(0, bytes.length - cut)).find(isUtf8) ?? bytes;

/** Collects the body of an answer in bounded memory. */
export class AnswerBody {
  readonly #chunks: Buffer[] = [];
  #read = 0;

  /** False once nothing more should be read. */
  take(chunk: Buffer): boolean {
    const room = keptBytes - this.#read;
    if (room > 0) this.#chunks.push(chunk.subarray(0, room));
    this.#read += chunk.length;
    return this.#read < readLimitBytes;
  }

  get truncated(): boolean {
    return this.#read > keptBytes;
  }

  /** Text stays text where the cut went through a character. */
  payload(): Payload {
    const bytes = Buffer.concat(this.#chunks);
    return payloadOf(this.truncated ? endedCleanly(bytes) : bytes);
  }
}
