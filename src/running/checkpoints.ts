import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { Capture, HotViews } from '../views/hot-views.ts';
import type { Views } from '../views/views.ts';

/** The reactions to the events since one capture and up to the next. */
export class Generation {
  open = 0;
}

export interface CheckpointsDeps {
  readonly hot: HotViews;
  readonly views: Pick<Views, 'saveSnapshot'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyEvents: number;
  readonly everyMs: number;
}

/**
 * Saves the hot views as of a position, once every reaction to the events up to there has taken
 * effect: a start from that snapshot owes nothing to what came before it.
 */
export interface Checkpoints {
  /** A reaction to the event at hand begins; the answer is to be called when it has taken effect. */
  begin(): Generation;
  end(generation: Generation): void;
  /** An event has been handled; `settled`: the reactions to it and to all before it have begun. */
  handled(settled: boolean): void;
  start(): void;
  /** Saves what can still be saved; nothing must be handled any more. `settled` as for an event. */
  stop(settled: boolean): Promise<void>;
}

export const createCheckpoints = (deps: CheckpointsDeps): Checkpoints => {
  const { hot, views, clock, log } = deps;
  let current = new Generation();
  let pending: { readonly capture: Capture; readonly generation: Generation } | undefined;
  let saving: Promise<void> | undefined;
  let events = 0;
  let cancelTimer: () => void = () => {};

  const save = async (capture: Capture): Promise<void> => {
    try {
      await views.saveSnapshot(capture);
    } catch (error) {
      hot.putBack();
      log.warn({ err: error, position: capture.position }, 'snapshot could not be saved');
    }
    saving = undefined;
  };

  const flush = (): void => {
    if (pending === undefined || pending.generation.open > 0) return;
    const { capture } = pending;
    pending = undefined;
    saving = save(capture);
  };

  const capture = (): void => {
    if (events === 0 || pending !== undefined || saving !== undefined) return;
    events = 0;
    pending = { capture: hot.capture(), generation: current };
    current = new Generation();
    flush();
  };

  const tick = (): void => {
    capture();
    cancelTimer = clock.after(deps.everyMs, tick);
  };

  return {
    begin() {
      current.open += 1;
      return current;
    },
    end(generation) {
      generation.open -= 1;
      if (generation.open === 0 && pending?.generation === generation) flush();
    },
    handled(settled) {
      events += 1;
      if (settled && events >= deps.everyEvents) capture();
    },
    start() {
      cancelTimer = clock.after(deps.everyMs, tick);
    },
    async stop(settled) {
      cancelTimer();
      await saving;
      flush();
      await saving;
      if (settled) capture();
      await saving;
    },
  };
};
