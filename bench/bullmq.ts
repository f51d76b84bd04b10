import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Connection {
  readonly path: string;
  readonly maxRetriesPerRequest: null;
}

/** As much of BullMQ as is used here; it is no dependency of ours. */
export interface BullMq {
  readonly Queue: new (
    name: string,
    options: { readonly connection: Connection },
  ) => { add(name: string, data: unknown, options: { readonly jobId: string }): Promise<unknown> };
  readonly Worker: new (
    name: string,
    work: (job: { readonly id?: string; readonly data: unknown }) => Promise<unknown>,
    options: { readonly connection: Connection; readonly concurrency: number },
  ) => unknown;
}

/** Where `npm install bullmq ioredis` was run; by default here. */
const { TRIPLINE_BENCH_PEERS: place = join(import.meta.dirname, '..') } = process.env;
const requireThere = createRequire(join(place, 'package.json'));

/** What is missing, in words; undefined where nothing is. */
export const missingForBullMq = (): string | undefined => {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    return 'redis-server is not installed (on Debian: apt-get install redis-server)';
  }
  try {
    requireThere.resolve('bullmq');
    requireThere.resolve('ioredis');
    return undefined;
  } catch {
    return (
      `bullmq and ioredis are not installed in ${place}: run "npm install bullmq ioredis" in a ` +
      'directory of your own, and name it in TRIPLINE_BENCH_PEERS'
    );
  }
};

export const bullMq = (): BullMq => requireThere('bullmq') as BullMq;

export const versions = (): string => {
  const { version } = requireThere('bullmq/package.json') as { version: string };
  const redis = /v=([\d.]+)/.exec(String(spawnSync('redis-server', ['--version']).stdout))?.[1];
  return `BullMQ ${version}, Redis ${redis}`;
};

export const connectionTo = (socket: string): Connection => ({
  path: socket,
  maxRetriesPerRequest: null,
});
