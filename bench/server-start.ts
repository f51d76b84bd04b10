import { rm } from 'node:fs/promises';
import { type Server, startServer } from '../test/process/server-process.ts';
import { medianOf } from './percentiles.ts';
import { newDataDir } from './product.ts';

const rounds = 3;

/** Seconds from spawning the server to its being ready, the median of a few starts. */
const secondsToReady = async (
  dataDir: string,
  end: (server: Server) => Promise<unknown>,
): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = performance.now();
    const server = await startServer({ dataDir, env: { NODE_ENV: 'production' } });
    times.push((performance.now() - at) / 1_000);
    await end(server);
  }
  return medianOf(times);
};

/** What a start takes beyond that of a server with nothing in its log is the price of the log. */
export const serverStarts = async (dataDir: string) => {
  const empty = await newDataDir();
  try {
    return {
      empty: await secondsToReady(empty, (server) => server.stop()),
      stopped: await secondsToReady(dataDir, (server) => server.stop()),
      killed: await secondsToReady(dataDir, (server) => server.kill()),
    };
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
};
