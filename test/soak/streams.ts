/**
 * The streams of a long run by number, and how many events each must have: two bytes for each, so
 * that tens of millions fit. A stream is lent to one writer at a time, who knows where it ends.
 */
export interface Streams {
  readonly count: number;
  lengthOf(stream: number): number;
  lendNew(): number;
  /** Any of those that are at hand, however old; undefined where there is none. */
  lendOld(): number | undefined;
  giveBack(stream: number, added: number): void;
}

export const nameOf = (stream: number): string =>
  `${stream % 2 === 0 ? 'invocation' : 'arrival'}-50a4c0de-0000-4000-8000-${stream.toString(16).padStart(12, '0')}`;

export const streamNamed = (name: string): number => Number.parseInt(name.slice(-12), 16);

export const createStreams = (most: number, random: (bound: number) => number): Streams => {
  const lengths = new Uint16Array(most);
  const lent = new Set<number>();
  let count = 0;
  const lend = (stream: number): number => {
    lent.add(stream);
    return stream;
  };
  return {
    get count() {
      return count;
    },
    lengthOf: (stream) => lengths[stream] ?? 0,
    lendNew: () => {
      count += 1;
      return lend(count - 1);
    },
    lendOld: () => {
      const stream = random(count);
      return count === 0 || lent.has(stream) ? undefined : lend(stream);
    },
    giveBack: (stream, added) => {
      lengths[stream] = (lengths[stream] ?? 0) + added;
      lent.delete(stream);
    },
  };
};
