import { beginning, type Position } from '../domain/position.ts';

interface Guest {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lets callers wait until the loop has passed a position. */
export const createWaitingRoom = () => {
  let guests: Guest[] = [];
  let passed = beginning;
  let closedBy: unknown;

  return {
    reached(position: Position): Promise<void> {
      if (position <= passed) return Promise.resolve();
      if (closedBy !== undefined) return Promise.reject(closedBy);
      return new Promise((resolve, reject) => {
        guests.push({ position, resolve, reject });
      });
    },
    passed(position: Position): void {
      passed = position;
      if (guests.length === 0) return;
      const leaving = guests.filter((guest) => guest.position <= position);
      guests = guests.filter((guest) => guest.position > position);
      for (const { resolve } of leaving) resolve();
    },
    /** Nothing will pass any more. */
    close(reason: Error): void {
      closedBy = reason;
      for (const { reject } of guests) reject(reason);
      guests = [];
    },
    get position(): Position {
      return passed;
    },
  };
};
