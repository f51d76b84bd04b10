export interface InFlightLimits {
  readonly calls: number;
  readonly bytes: number;
}

export interface InFlight {
  /** Runs the work in its turn: one at a time per stream, in the order asked for. */
  run<T>(stream: string, bytes: number, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/**
 * Keeps what the client holds in memory bounded, since its own backpressure is not safe, and keeps
 * appends to one stream in order, over retries too.
 */
export const createInFlight = ({ calls, bytes: allowedBytes }: InFlightLimits): InFlight => {
  const lastOf = new Map<string, Promise<void>>();
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  let running = 0;
  let heldBytes = 0;

  const fits = (bytes: number): boolean =>
    running < calls && (running === 0 || heldBytes + bytes <= allowedBytes);
  const take = (bytes: number): void => {
    running += 1;
    heldBytes += bytes;
  };
  const acquire = (bytes: number): Promise<void> | undefined => {
    if (waiting.length === 0 && fits(bytes)) {
      take(bytes);
      return undefined;
    }
    return new Promise((go) => {
      waiting.push({ bytes, go });
    });
  };
  const release = (bytes: number): void => {
    running -= 1;
    heldBytes -= bytes;
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      take(next.bytes);
      next.go();
    }
  };
  const limited = async <T>(bytes: number, work: () => Promise<T>): Promise<T> => {
    const turn = acquire(bytes);
    if (turn !== undefined) await turn;
    try {
      return await work();
    } finally {
      release(bytes);
    }
  };

  return {
    run: (stream, bytes, work) => {
      const before = lastOf.get(stream);
      const result =
        before === undefined ? limited(bytes, work) : before.then(() => limited(bytes, work));
      const settled = result.then(
        () => {},
        () => {},
      );
      const done = settled.then(() => {
        if (lastOf.get(stream) === done) lastOf.delete(stream);
      });
      lastOf.set(stream, done);
      return result;
    },
    idle: async () => {
      while (lastOf.size > 0) await Promise.all(lastOf.values());
    },
  };
};
