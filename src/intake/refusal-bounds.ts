import { cutText } from '../../projections/bounded.ts';

/** How many of something a minute has room for. */
export interface Room {
  readonly perWorkspace: number;
  readonly overall: number;
}

interface Class {
  /** Refusals that are recorded by themselves. */
  readonly alone: Room;
  /** Paths and reasons that are told apart. */
  readonly lines: Room;
}

/**
 * What deliveries refused within one minute may leave in the log, whatever is sent by whom. Unknown
 * paths are anybody's to make up, so they have little room, and never that of triggers.
 */
export const refusalBounds = {
  /** Of one path and reason. */
  alone: 3,
  known: {
    alone: { perWorkspace: 20, overall: 40 },
    lines: { perWorkspace: 50, overall: 100 },
  },
  unknown: {
    alone: { perWorkspace: 5, overall: 20 },
    lines: { perWorkspace: 10, overall: 50 },
  },
  /** Sums of what is not told apart: one per workspace and reason. */
  sums: { perWorkspace: 11, overall: 50 },
} as const satisfies Readonly<Record<'known' | 'unknown', Class>> & {
  readonly alone: number;
  readonly sums: Room;
};

const maxPath = 200;

/** A path as refusals have it. */
export const refusedPath = (path: string): string => cutText(path, maxPath);
