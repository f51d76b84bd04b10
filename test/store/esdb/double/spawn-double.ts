import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface DoubleProcess extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Stops the process where it is; connections stay open and nothing is answered. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('./double-process.ts', import.meta.url));

const portOf = async (child: ChildProcess): Promise<number> => {
  const [message] = await once(child, 'message');
  return (message as { port: number }).port;
};

export const spawnDouble = async (
  storeUrl = 'memory:',
  dataDir = '',
  givenPort?: number,
): Promise<DoubleProcess> => {
  const child = fork(
    program,
    [storeUrl, dataDir, ...(givenPort === undefined ? [] : [String(givenPort)])],
    {
      execArgv: ['--import', 'tsx'],
    },
  );
  const exited = once(child, 'exit');
  const port = await portOf(child);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    port,
    url: `esdb://127.0.0.1:${port}?tls=false`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    [Symbol.asyncDispose]: kill,
  };
};
