import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a child can be asked for: plain JSON in, plain JSON out. */
export type Handlers = Readonly<Record<string, (input: never) => unknown>>;

type Asked<H extends Handlers, K extends keyof H> = H[K] extends (input: infer I) => infer O
  ? { readonly input: I; readonly output: Awaited<O> }
  : never;

interface Reply {
  readonly id: number;
  readonly output?: unknown;
  readonly error?: string;
}

export interface Child<H extends Handlers> extends AsyncDisposable {
  readonly pid: number;
  ask<K extends keyof H & string>(
    name: K,
    input: Asked<H, K>['input'],
  ): Promise<Asked<H, K>['output']>;
  /** Messages the child sends without being asked. */
  onNews(listener: (news: unknown) => void): void;
  /** Sent without waiting for an answer. */
  tell(news: unknown): void;
}

/** Runs a TypeScript file in a process of its own, so that it does not share the event loop. */
export const startChild = async <H extends Handlers>(
  file: URL,
  env: Readonly<Record<string, string>> = {},
): Promise<Child<H>> => {
  const child: ChildProcess = fork(fileURLToPath(file), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  const listeners: ((news: unknown) => void)[] = [];
  let last = 0;
  child.on('message', (message: { reply?: Reply; news?: unknown }) => {
    if (message.reply) waiting.get(message.reply.id)?.(message.reply);
    else for (const listener of listeners) listener(message.news);
  });
  child.once('exit', (code, signal) => {
    const error = `${file.pathname} ended (${code ?? signal})`;
    for (const settle of waiting.values()) settle({ id: 0, error });
  });
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, ({ output, error }) => {
          waiting.delete(id);
          if (error === undefined) resolve(output as never);
          else reject(new Error(error));
        });
        child.send({ id, name, input });
      }),
    onNews: (listener) => void listeners.push(listener),
    tell: (news) => void child.send({ news }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** The child's side: answers what it is asked, and ends with its parent. */
export const serve = (handlers: Handlers, onNews?: (news: unknown) => void): void => {
  process.on(
    'message',
    (message: { id?: number; name?: string; input?: never; news?: unknown }) => {
      const { id, name, input, news } = message;
      if (id === undefined || name === undefined) return onNews?.(news);
      Promise.resolve()
        .then(() => handlers[name]?.(input as never))
        .then(
          (output) => process.send?.({ reply: { id, output } }),
          (error: unknown) => process.send?.({ reply: { id, error: String(error) } }),
        );
    },
  );
  process.on('disconnect', () => process.exit(0));
};

export const sendNews = (news: unknown): void => void process.send?.({ news });
