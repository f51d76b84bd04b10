import type { Socket } from 'node:net';

const empty: Buffer = Buffer.alloc(0);
const interim = ['HTTP/1.1 100', 'HTTP/1.0 100'];
const blankLine = '\r\n\r\n';
/** What goes on for longer is left to the parser to judge. */
const longestHead = 16_384;

const one = '1'.charCodeAt(0);

/** Also of an answer that has only begun to come. */
const mayBeInterim = (bytes: Buffer): boolean => {
  // Nearly every answer is told by the first digit of its status.
  if (bytes.length > 9 && bytes[9] !== one) return false;
  const start = bytes.toString('latin1', 0, 12);
  return interim.some((line) => line.startsWith(start));
};

const behindInterim = (bytes: Buffer): Buffer => {
  let rest = bytes;
  for (;;) {
    const end = mayBeInterim(rest) ? rest.indexOf(blankLine) : -1;
    if (end < 0) return rest;
    rest = rest.subarray(end + blankLine.length);
  }
};

/**
 * Stands between a connection and the HTTP client that reads it. Leaves out `100 Continue`, which a
 * server may say unasked (RFC 9110 §15.2) and the client takes for the end, and knows whether a byte
 * of the answer has come.
 */
export class AnswerBytes {
  readonly #read: (size?: number) => Buffer | null;
  #heard = false;
  #begun = false;
  #held = empty;

  constructor(socket: Socket) {
    this.#read = socket.read.bind(socket);
    // With a size it is the stream itself that asks, about its own state.
    socket.read = (size) => (size === undefined ? this.#next() : this.#read(size));
  }

  get heard(): boolean {
    return this.#heard;
  }

  /** What comes from now on is the next answer. */
  expectAnswer(): void {
    this.#heard = false;
    this.#begun = false;
    this.#held = empty;
  }

  #next(): Buffer | null {
    for (;;) {
      const chunk = this.#read();
      if (chunk === null) return null;
      this.#heard = true;
      if (this.#begun) return chunk;
      const rest = behindInterim(
        this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]),
      );
      this.#begun = !mayBeInterim(rest) || rest.length > longestHead;
      if (this.#begun) return rest;
      this.#held = rest;
    }
  }
}
