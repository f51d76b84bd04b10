import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { WriterLine } from './writer-process.ts';

const program = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Both come with Linux distributions; containers may forbid them. */
export const canTrace = works('strace', '-f', '-e', 'trace=none', 'true');
export const canMount = works('unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt');

export type Line = WriterLine | { readonly failed: string } | { readonly phase: string };

/** Runs `writer-process.ts`, perhaps under another program, and gives its lines as they come. */
export const startWriter = (mode: string, dataDir: string, under: readonly string[] = []) => {
  const [command = '', ...args] = [
    ...under,
    process.execPath,
    '--import',
    'tsx',
    program,
    mode,
    dataDir,
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line));
    for (const check of waiting) check();
  });
  const ended = once(child, 'close').then(() => {
    for (const check of waiting) check();
  });
  return {
    lines,
    ended,
    /** With everything it started. */
    kill: async (): Promise<void> => {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await ended;
    },
    hasLines: (count: number): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (lines.length >= count || child.exitCode !== null) resolve();
        };
        waiting.add(check);
        check();
      }),
  };
};

const isWriterLine = (line: Line): line is WriterLine => 'id' in line;

export const acknowledged = (lines: readonly Line[]): string[] =>
  lines.filter(isWriterLine).flatMap(({ id, refused }) => (refused === undefined ? [id] : []));

/** The outcome of each append, in order: `ok` or the code of the refusal. */
export const outcomesOf = (lines: readonly Line[]): string[] =>
  lines.filter(isWriterLine).map(({ refused }) => refused ?? 'ok');
