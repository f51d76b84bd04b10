import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import { type Following, follow } from '../log/follow.ts';
import type { EventReader } from '../store/index.ts';
import type { View } from './view.ts';
import { isDiskFull } from './view-damage.ts';
import type { ViewSet } from './view-set.ts';

export interface ViewLoopOptions {
  readonly reader: Pick<EventReader, 'subscribeAll'>;
  readonly set: ViewSet;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** Views have moved on. */
  readonly onMoved: () => void;
  readonly onFailed: (error: unknown) => void;
}

export interface ViewLoop {
  stop(): Promise<void>;
}

/**
 * Writing waits for this much, or for this long, or for somebody who asks. Ids are random, so every
 * transaction touches pages all over their table: a few large ones are far cheaper.
 */
const enoughEvents = 65_536;
const enoughDocuments = 16_384;
const longEnoughMs = 2_000;
const diskFullRetryMs = 1_000;

const earliest = (views: readonly View[]): Position =>
  views.map(({ projector }) => projector.position).reduce((a, b) => (a < b ? a : b));

const isDue = ({ projector }: View): boolean =>
  projector.pendingEvents >= enoughEvents || projector.pendingDocuments >= enoughDocuments;

/**
 * Keeps the views up with the log. Those that are being built follow it on their own, from far
 * behind, so that they hold nobody up; once built they join the others.
 */
export const createViewLoop = (options: ViewLoopOptions): ViewLoop => {
  const { reader, set, log, clock, random, onMoved } = options;
  let following: readonly Following[] = [];
  let over = false;
  let cancelTimer: (() => void) | undefined;
  let finishing: Promise<void> | undefined;

  const fail = (error: unknown): void => {
    if (!over) options.onFailed(error);
  };
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const nextTurn = () => new Promise<void>((resolve) => clock.soon(resolve));

  /** With the disk full nothing more is folded, so what waits in memory stays bounded. */
  const onceThereIsRoom = async (write: () => void | Promise<void>): Promise<void> => {
    while (!over) {
      try {
        await write();
        return;
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        log.error({ err: error }, 'views cannot be written: disk full');
        await pause(diskFullRetryMs);
      }
    }
  };

  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    return onceThereIsRoom(() => set.flush());
  };

  const flushLater = (): void => {
    cancelTimer ??= clock.after(longEnoughMs, () => void flush().catch(fail));
  };

  const followWith = (views: readonly View[]): Following => {
    const isBuilding = () => views.some(({ state }) => state === 'building');
    return follow(reader, {
      from: earliest(views),
      log,
      clock,
      random,
      onFailed: fail,
      onEvents: async (events) => {
        for (const { projector } of views) projector.apply(events);
        if (views.some(isDue)) await flush();
        else if (!isBuilding()) flushLater();
        onMoved();
      },
      onCaughtUp: () => {
        if (isBuilding()) finishing ??= finish().catch(fail);
      },
    });
  };

  const start = (): void => {
    const building = set.views.filter(({ state }) => state === 'building');
    const serving = set.views.filter(({ state }) => state === 'serving');
    const groups = [building, serving].filter((group) => group.length > 0);
    following = groups.map(followWith);
  };

  const stopFollowing = async (): Promise<void> => {
    await Promise.all(following.map((one) => one.stop()));
  };

  const finish = async (): Promise<void> => {
    await flush();
    for (const view of set.views) {
      if (view.state === 'building') await onceThereIsRoom(() => view.finish(nextTurn));
    }
    if (following.length > 1 && !over) {
      await stopFollowing();
      if (!over) start();
    }
    onMoved();
  };

  start();
  return {
    stop: async () => {
      over = true;
      cancelTimer?.();
      await stopFollowing();
      await finishing;
    },
  };
};
