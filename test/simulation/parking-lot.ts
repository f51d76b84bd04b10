/** Something that could happen next. */
export interface Parked {
  /** The run of a process that it is part of; it ends with that. */
  readonly owner: string;
  readonly label: string;
  /** Of one line only the first can go. */
  readonly line?: string | undefined;
  readonly go: () => void;
}

/**
 * Everything that waits to happen. Every call through a port parks here and goes on when the driver
 * says so: what happens when, and whether at all, is nobody else's choice.
 */
export interface ParkingLot {
  park(item: Parked): void;
  /** The same for a task with an answer. */
  until<Result>(item: Omit<Parked, 'go'>, task: () => Result | Promise<Result>): Promise<Result>;
  /** What could go now. */
  ready(isHeldUp: (owner: string) => boolean): readonly Parked[];
  take(item: Parked): void;
  /** It is no more: whoever of it waits, waits for ever. */
  dropAll(owner: string): void;
  readonly size: number;
}

export const createParkingLot = (): ParkingLot => {
  let parked: Parked[] = [];
  const gone = new Set<string>();

  const park = (item: Parked): void => {
    if (!gone.has(item.owner)) parked.push(item);
  };

  return {
    park,
    until: (item, task) =>
      new Promise((resolve, reject) => {
        const go = (): void => {
          try {
            resolve(task());
          } catch (error) {
            reject(error);
          }
        };
        park({ ...item, go });
      }),
    ready(isHeldUp) {
      const lines = new Set<string>();
      return parked.filter(({ owner, line }) => {
        if (isHeldUp(owner)) return false;
        if (line === undefined) return true;
        const isFirst = !lines.has(line);
        lines.add(line);
        return isFirst;
      });
    },
    take(item) {
      parked.splice(parked.indexOf(item), 1);
      item.go();
    },
    dropAll(owner) {
      gone.add(owner);
      parked = parked.filter((item) => item.owner !== owner);
    },
    get size() {
      return parked.length;
    },
  };
};

/** A lot where everything goes at once, in turn. */
export const createOpenLot = (): ParkingLot => {
  const lot = createParkingLot();
  return {
    ...lot,
    park: (item) => queueMicrotask(item.go),
    until: async (_, task) => await task(),
  };
};
