import { setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** As this file runs, so do the threads: `.ts` under tsx, `.js` once built. */
const ownExtension = extname(fileURLToPath(import.meta.url));

/** Node 20 ignores `--import` for threads: a thread has to register the loader of `.ts` itself. */
const underTsx = (file: URL): string =>
  `import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(file.href)});
  });`;

/**
 * Starts a thread of this program. The caller names the source file, as in
 * `new URL('./x-thread.ts', import.meta.url)`; the compiler does not rewrite that name, so it is
 * done here.
 */
export const spawnThread = (url: URL, workerData: unknown): Worker => {
  const file = new URL(url.href.replace(/\.ts$/, ownExtension));
  return ownExtension === '.ts'
    ? new Worker(underTsx(file), { eval: true, workerData })
    : new Worker(file, { workerData });
};

/**
 * Lets the other threads go first where there are not processors enough for all. Only Linux has a
 * priority for each thread; elsewhere it is the whole process's and stays as it is.
 */
export const giveWay = (niceness: number): void => {
  if (process.platform !== 'linux') return;
  try {
    setPriority(niceness);
  } catch {
    // A sandbox may forbid it; then the threads take turns as equals.
  }
};
