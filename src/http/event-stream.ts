import { Readable } from 'node:stream';
import type { Clock } from '../domain/clock.ts';

/** What a connection may hold that its reader has not taken yet; one frame more, at most. */
const mostHeld = 65_536;

/** Server-sent events for one reader. */
export interface EventStream {
  readonly body: Readable;
  /** Resolves once there is room for more; false where its reader took nothing for so long, or has gone. */
  send(text: string, patienceMs: number): Promise<boolean>;
  /** The last words; a reader that does not come to them in time is cut off. */
  end(text: string, patienceMs: number): void;
}

/** One event: an id that a reader resumes from, a name where it is no plain message, and its data. */
export const frameOf = ({
  id,
  event,
  data,
}: {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
}): string =>
  [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    // JSON in one line has no line ends but escaped ones.
    ...(data === undefined ? [] : [`data: ${JSON.stringify(data)}`]),
    '',
    '',
  ].join('\n');

/** `onGone`: the reader has left, or all was sent. */
export const createEventStream = (clock: Clock, onGone: () => void): EventStream => {
  let hasRoom = true;
  let toldOfRoom = (): void => {};
  const body = new Readable({
    highWaterMark: mostHeld,
    read: () => {
      hasRoom = true;
      toldOfRoom();
    },
  });
  body.once('close', () => {
    toldOfRoom();
    onGone();
  });
  // A reader that goes away is none of our troubles.
  body.on('error', () => {});

  const room = async (patienceMs: number): Promise<boolean> => {
    if (!hasRoom) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(patienceMs, resolve);
        toldOfRoom = () => {
          cancel();
          resolve();
        };
      });
    }
    return hasRoom && !body.destroyed;
  };

  return {
    body,
    async send(text, patienceMs) {
      if (body.destroyed) return false;
      hasRoom = false;
      if (body.push(text)) hasRoom = true;
      return room(patienceMs);
    },
    end(text, patienceMs) {
      if (body.destroyed) return;
      body.push(text);
      body.push(null);
      const cancel = clock.after(patienceMs, () => body.destroy());
      body.once('close', cancel);
    },
  };
};
