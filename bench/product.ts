import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, apiOf } from '../test/process/api.ts';
import { type Server, startServer } from '../test/process/server-process.ts';
import type { Sender } from './delivery.ts';

const { TRIPLINE_BENCH_DIR: parent = tmpdir() } = process.env;

/** Where the measured files lie; a memory file system would measure no fsync at all. */
export const newDataDir = (): Promise<string> => mkdtemp(join(parent, 'tripline-bench-'));

export interface Product extends AsyncDisposable {
  readonly server: Server;
  readonly api: Api;
  readonly dataDir: string;
  readonly sender: Sender;
  /** Invocations that have no outcome, as far as they fit a page of each state. */
  unfinished(): Promise<number>;
}

const secret = 'a-secret-only-github-and-the-bench-know';

export interface ProductOptions {
  /** Port of the HTTP function that is called. */
  readonly target: number;
  /** Where the log is to lie; by default in a directory that is gone afterwards. */
  readonly dataDir?: string;
  /** The function and the webhook are in that log already. */
  readonly again?: boolean;
  /** The function never answers: what is accepted is queued behind 64 calls and stays there. */
  readonly held?: boolean;
}

const register = async (api: Api, target: number, held: boolean): Promise<void> => {
  // The sketch beside it calls without any limit.
  const concurrency = held ? 64 : 1_000;
  const { id } = await api.ask('POST', 'compute-functions', {
    name: 'bench',
    type: 'http',
    url: `http://127.0.0.1:${target}/${held ? 'held' : ''}`,
    concurrency,
    timeoutMs: held ? 600_000 : 15_000,
  });
  await api.ask('POST', 'function-triggers', {
    name: 'bench',
    functionId: id,
    executionType: 'webhook',
    triggerMetadata: {
      path: '/bench',
      signature: { scheme: 'github', secrets: [{ value: secret, encrypt: true }] },
      concurrency,
      queueCapacity: 1_000_000,
    },
  });
};

/** The build on a data directory of its own, with one function and one signed webhook. */
export const startProduct = async (options: ProductOptions): Promise<Product> => {
  const directory = options.dataDir ?? (await newDataDir());
  const server = await startServer({
    dataDir: directory,
    env: { TRIPLINE_LOG_LEVEL: 'warn', NODE_ENV: 'production' },
  });
  const api = apiOf(server);
  if (!options.again) await register(api, options.target, options.held ?? false);
  return {
    server,
    api,
    dataDir: directory,
    sender: { port: server.port, path: new URL(api.webhookUrl('bench')).pathname, secret },
    unfinished: async () => {
      const open = ['queued', 'running', 'waiting'];
      const lists = await Promise.all(
        open.map((status) => api.list(`invocations?status=${status}&limit=500`, 'invocations')),
      );
      return lists.flat().length;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      if (options.dataDir === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
};
