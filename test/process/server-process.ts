import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const repository = join(import.meta.dirname, '..', '..');
const main = join(repository, 'dist', 'server', 'main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LaunchOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another user than that of the tests; only root can choose. */
  readonly uid?: number | undefined;
  /** Gets everything that is written, however much. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** The build as a process of its own, at any stage of its life. */
export interface Launched extends AsyncDisposable {
  readonly pid: number;
  /** Standard output and standard error so far. */
  output(): string;
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
}

/** Only what a program needs to run: the settings of whoever runs the tests do not leak in. */
const cleanEnv = (): Record<string, string> => {
  const { PATH = '' } = process.env;
  return { PATH };
};

export const launch = ({ dataDir, env = {}, uid, onOutput }: LaunchOptions): Launched => {
  const child: ChildProcess = spawn(process.execPath, ['--enable-source-maps', main], {
    cwd: dataDir,
    env: { ...cleanEnv(), TRIPLINE_DATA_DIR: dataDir, TRIPLINE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid }),
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    // A run under load logs a lot; what matters stands at the beginning and at the end.
    text = text.length > 262_144 ? text.slice(0, 65_536) + text.slice(-65_536) : text;
    text += chunk.toString();
    onOutput?.(chunk);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended);
  return {
    pid: child.pid ?? 0,
    output: () => text,
    ended,
    signal: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

export interface Server extends Launched {
  readonly url: string;
  readonly port: number;
  /** The token a fresh development server prints. */
  readonly token: string;
  /** SIGKILL, and gone when the promise resolves. */
  kill(): Promise<Ended>;
  /** SIGTERM, and gone when the promise resolves. */
  stop(): Promise<Ended>;
}

const urlIn = /http:\/\/[\w.[\]:]+:\d+/;
const tokenIn = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

const isReady = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
};

const announced = (launched: Launched): { url: string; token: string } | undefined => {
  const url = urlIn.exec(launched.output())?.[0];
  const token = tokenIn.exec(launched.output())?.[0];
  return url && token ? { url, token } : undefined;
};

/** Waits until the server has said where it is and is ready; rejects when it ends before. */
export const ready = async (launched: Launched, deadlineMs = 60_000): Promise<Server> => {
  let gone = false;
  void launched.ended.then(() => {
    gone = true;
  });
  const deadline = Date.now() + deadlineMs;
  while (!gone && Date.now() < deadline) {
    const at = announced(launched);
    if (at && (await isReady(at.url))) {
      const finish = (signal: NodeJS.Signals) => async () => {
        launched.signal(signal);
        return await launched.ended;
      };
      const port = Number(new URL(at.url).port);
      return { ...launched, ...at, port, kill: finish('SIGKILL'), stop: finish('SIGTERM') };
    }
    await wait(10);
  }
  throw new Error(`the server is not up:\n${launched.output()}`);
};

export const startServer = async (options: LaunchOptions): Promise<Server> => {
  const launched = launch(options);
  try {
    return await ready(launched);
  } catch (error) {
    await launched[Symbol.asyncDispose]();
    throw error;
  }
};
