import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface Redis extends AsyncDisposable {
  readonly socket: string;
}

const patienceMs = 10_000;

/** A Redis of its own, which acknowledges nothing that is not on disk. */
export const startRedis = async (dir: string): Promise<Redis> => {
  const socket = join(dir, 'redis.sock');
  const settings = {
    '--port': '0',
    '--unixsocket': socket,
    '--dir': dir,
    '--save': '',
    '--appendonly': 'yes',
    '--appendfsync': 'always',
  };
  const server = spawn('redis-server', Object.entries(settings).flat(), { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGKILL');
    await ended;
  };
  for (let waited = 0; !existsSync(socket); waited += 10) {
    if (waited >= patienceMs || server.exitCode !== null) {
      await stop();
      throw new Error('redis-server is not up');
    }
    await wait(10);
  }
  return { socket, [Symbol.asyncDispose]: stop };
};
