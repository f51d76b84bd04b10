import { type PoolOptions, ThreadsPoolWorker, type WorkerRequest } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Stryker's word on when the mutant acts: as modules load, or while a test runs. */
    readonly mutantActivation: 'static' | 'runtime';
    /** In the dry run no mutant acts; it shows what each test reaches. */
    readonly mode: 'dry-run' | 'mutant';
  }
}

type Listener = (value: unknown) => void;
type Configuration = Extract<WorkerRequest, { type: 'start' }>['context']['config'];

const { MUTANT_PATIENCE } = process.env;
/** The first run counts what every test reaches, which is slow work for the laws of schedules. */
const testTimeouts = { 'dry-run': 300_000, mutant: Number(MUTANT_PATIENCE) };

/** After so many runs what vitest itself leaves behind in a thread is worth a fresh one. */
const runsPerThread = 400;

/**
 * A thread that vitest starts and stops anew for each run, while in truth it goes on: only the
 * configuration of a later start reaches it, with the run that follows.
 */
const openThread = async (options: PoolOptions) => {
  const thread = new ThreadsPoolWorker(options);
  await thread.start();
  const listeners = new Map<string, Set<Listener>>();
  const unheard: unknown[] = [];
  const tell = (event: string, value: unknown): void => {
    const listening = listeners.get(event);
    if (listening?.size) for (const listener of [...listening]) listener(value);
    else if (event === 'message') unheard.push(value);
  };
  for (const event of ['message', 'error', 'exit']) {
    thread.on(event, (value) => tell(event, value));
  }
  let runs = 0;
  let latest: Configuration | undefined;
  const answer = (type: 'started' | 'stopped') =>
    setImmediate(tell, 'message', { __vitest_worker_response__: true, type });

  return {
    get isWorn() {
      return runs >= runsPerThread;
    },
    on: (event: string, listener: Listener) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      if (event === 'message') for (const message of unheard.splice(0)) tell(event, message);
    },
    off: (event: string, listener: Listener) => void listeners.get(event)?.delete(listener),
    send: (request: WorkerRequest, testTimeout: number): void => {
      if (request.type === 'start') {
        const { context } = request;
        latest = { ...context.config, testTimeout };
        runs += 1;
        if (runs > 1) answer('started');
        else thread.send({ ...request, context: { ...context, config: latest } });
      } else if (request.type === 'stop') answer('stopped');
      else if (request.type === 'run' && latest) {
        thread.send({
          ...request,
          context: { ...request.context, config: latest },
        } as WorkerRequest);
      } else thread.send(request);
    },
    rest: () => listeners.clear(),
    close: () => thread.stop(),
  };
};

/**
 * Keeps modules loaded from one mutant to the next, which makes a run cost 30 ms instead of
 * seconds. A mutant that acts as modules load gets a thread of its own.
 */
export const createThreadKeeper = () => {
  let kept: Awaited<ReturnType<typeof openThread>> | undefined;
  let inDoubt = false;
  const thread = () => {
    if (!kept) throw new Error('no run has started a thread');
    return kept;
  };
  const start = async (options: PoolOptions): Promise<void> => {
    const actsAtLoad = options.project.getProvidedContext().mutantActivation === 'static';
    if (inDoubt || actsAtLoad || kept?.isWorn) {
      await kept?.close();
      kept = undefined;
    }
    inDoubt = actsAtLoad;
    kept ??= await openThread(options);
  };

  return {
    /** The run left something behind that may go on: the next one gets a fresh thread. */
    doubt: () => {
      inDoubt = true;
    },
    pool: {
      name: 'kept',
      createPoolWorker: (options: PoolOptions) => ({
        name: 'kept',
        start: () => start(options),
        on: (event: string, listener: Listener) => thread().on(event, listener),
        off: (event: string, listener: Listener) => thread().off(event, listener),
        send: (request: WorkerRequest) =>
          thread().send(request, testTimeouts[options.project.getProvidedContext().mode]),
        deserialize: (data: unknown) => data,
        stop: async () => thread().rest(),
      }),
    },
  };
};
