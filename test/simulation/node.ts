import type { Call } from '../../src/targets/target.ts';
import { createRun, type Run } from './run.ts';
import { createSavedViews, type SavedViews } from './saved-views.ts';
import type { World } from './world.ts';

export interface NodeHooks {
  onSaved(node: string, views: SavedViews): void;
  onCall(call: Call, ownerId: string, now: number): void;
  onError(message: string, fields: object): void;
}

/** A process that is started, runs, and ends in order or not; what it saved outlives its runs. */
export interface Node {
  readonly name: string;
  readonly state: 'down' | 'starting' | 'up' | 'stopping';
  /** Undefined while it is down. */
  readonly run: Run | undefined;
  readonly saved: SavedViews;
  /** Never started again. */
  goneForGood: boolean;
  /** Nothing of it happens before this step. */
  stalledUntil: number;
  boot(): void;
  /** What was not yet synced is gone. */
  crash(why: string): void;
  /** Ends in order; a process that takes too long for that is ended. */
  stop(graceMs: number): void;
  /** Requests under way: a stop waits for them. */
  underWay(request: Promise<unknown>): void;
  readonly requests: number;
}

export const createNode = (world: World, name: string, skewMs: number, hooks: NodeHooks): Node => {
  const { lot, trace, counters } = world;
  const saved = createSavedViews();
  let runs = 0;
  let state: Node['state'] = 'down';
  let run: Run | undefined;
  let requests = new Set<Promise<unknown>>();

  const end = (): void => {
    if (run === undefined) return;
    run.store.die();
    run.clock.stop();
    lot.dropAll(run.owner);
    run = undefined;
    state = 'down';
    requests = new Set();
  };

  const crash = (why: string): void => {
    if (run === undefined) return;
    trace.line(`${run.owner} crashes: ${why}`);
    end();
  };

  /** The process has ended itself; what it began in this very moment does not happen any more. */
  const fatal = (owner: string, error: unknown): void => {
    if (run?.owner !== owner) return;
    counters.count('process ended itself');
    crash(String(error));
  };

  const boot = (): void => {
    runs += 1;
    const owner = `${name}.${runs}`;
    trace.line(`${owner} starts`);
    if (runs > 1) counters.count('process started again');
    state = 'starting';
    run = createRun({
      world,
      owner,
      skewMs,
      saved,
      onSaved: () => hooks.onSaved(name, saved),
      onCall: (call, ownerId) => hooks.onCall(call, ownerId, world.time.wall + skewMs),
      onError: hooks.onError,
      onFatal: (error) => fatal(owner, error),
    });
    run.engine.start().then(
      () => {
        if (run?.owner === owner && state === 'starting') state = 'up';
      },
      (error) => fatal(owner, error),
    );
  };

  const stopInOrder = async (stopping: Run, graceMs: number): Promise<void> => {
    await stopping.engine.rest(graceMs);
    while (requests.size > 0) await Promise.allSettled([...requests]);
    await stopping.engine.stop(0);
    stopping.refused.close();
    await stopping.actors.idle();
    if (run !== stopping) return;
    trace.line(`${stopping.owner} has stopped`);
    counters.count('stopped in order');
    end();
  };

  return {
    name,
    get state() {
      return state;
    },
    get run() {
      return run;
    },
    saved,
    goneForGood: false,
    stalledUntil: 0,
    boot,
    crash,
    stop(graceMs) {
      if (run === undefined || state !== 'up') return;
      const stopping = run;
      state = 'stopping';
      trace.line(`${stopping.owner} stops within ${graceMs} ms`);
      stopping.clock.after(graceMs + 2_000, () => {
        if (run === stopping) counters.count('stop forced');
        if (run === stopping) crash('took too long to stop');
      });
      stopInOrder(stopping, graceMs).catch((error) => hooks.onError(String(error), {}));
    },
    underWay(request) {
      const own = requests;
      own.add(request);
      const leave = (): void => void own.delete(request);
      request.then(leave, leave);
    },
    get requests() {
      return requests.size;
    },
  };
};
