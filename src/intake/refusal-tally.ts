import type { RefusedDeliveries } from '../domain/refusal/decider.ts';
import { type Room, refusalBounds } from './refusal-bounds.ts';

interface Line {
  readonly workspace: string;
  alone: number;
  counted: RefusedDeliveries | undefined;
}

/** What a workspace may take of what all of them may take. */
const createRoom = ({ perWorkspace, overall }: Room) => {
  const taken = new Map<string, number>();
  let left = overall;
  return (workspace: string): boolean => {
    const own = taken.get(workspace) ?? 0;
    if (left === 0 || own >= perWorkspace) return false;
    left -= 1;
    taken.set(workspace, own + 1);
    return true;
  };
};

const farther = (one: number | null, other: number | null): number | null => {
  if (one === null || other === null) return one ?? other;
  return Math.abs(other) > Math.abs(one) ? other : one;
};

const together = (
  sum: RefusedDeliveries | undefined,
  more: RefusedDeliveries,
): RefusedDeliveries => ({
  ...more,
  skewSeconds: farther(sum?.skewSeconds ?? null, more.skewSeconds),
  count: (sum?.count ?? 0) + more.count,
  first: sum !== undefined && sum.first < more.first ? sum.first : more.first,
  last: sum !== undefined && sum.last > more.last ? sum.last : more.last,
  remote: null,
});

/** Without what tells it from others that were refused for the same reason. */
const among = (refused: RefusedDeliveries): RefusedDeliveries => ({
  ...refused,
  path: null,
  trigger: null,
});

/**
 * What was refused within one minute. It is as large as the bounds say, however much comes: beyond
 * them, paths become one sum for each reason, and beyond that only a number is left.
 */
export const createRefusalTally = () => {
  const { known, unknown } = refusalBounds;
  const lines = new Map<string, Line>();
  const rooms = {
    known: { alone: createRoom(known.alone), lines: createRoom(known.lines) },
    unknown: { alone: createRoom(unknown.alone), lines: createRoom(unknown.lines) },
    sums: createRoom(refusalBounds.sums),
  };
  let passedOver = 0;

  const roomsOf = ({ trigger }: RefusedDeliveries) =>
    trigger === null ? rooms.unknown : rooms.known;

  const lineOf = (workspace: string, refused: RefusedDeliveries): Line | undefined => {
    const { path, trigger, status, reason } = refused;
    const key = JSON.stringify([workspace, status, reason, trigger, path]);
    const line = lines.get(key);
    if (line) return line;
    const hasRoom = path === null ? rooms.sums : roomsOf(refused).lines;
    if (!hasRoom(workspace)) return undefined;
    const begun = { workspace, alone: 0, counted: undefined };
    lines.set(key, begun);
    return begun;
  };

  const add = (workspace: string, refused: RefusedDeliveries): void => {
    for (const told of [refused, among(refused)]) {
      const line = lineOf(workspace, told);
      if (!line) continue;
      line.counted = together(line.counted, told);
      return;
    }
    passedOver += refused.count;
  };

  return {
    add,
    /** True where it is among the first of its kind, to be recorded by itself; it is not counted then. */
    standsAlone(workspace: string, refused: RefusedDeliveries): boolean {
      const line = lineOf(workspace, refused);
      if (!line || line.alone >= refusalBounds.alone) return false;
      if (!roomsOf(refused).alone(workspace)) return false;
      line.alone += 1;
      return true;
    },
    /** What was counted, by workspace. */
    counted(): ReadonlyMap<string, readonly RefusedDeliveries[]> {
      const found = new Map<string, RefusedDeliveries[]>();
      for (const { workspace, counted } of lines.values()) {
        if (counted === undefined) continue;
        const own = found.get(workspace);
        if (own) own.push(counted);
        else found.set(workspace, [counted]);
      }
      return found;
    },
    /** How many found no place at all. */
    get passedOver(): number {
      return passedOver;
    },
  };
};
