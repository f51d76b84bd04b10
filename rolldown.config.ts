import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'rolldown';

/** What is run in threads; `src/thread.ts` finds each by its name beside what starts it. */
const threads = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /[/-]thread\.ts$/.test(name))
  .map((name) => [basename(name, '.ts'), `src/${name}`] as const);

const input = Object.fromEntries([['main', 'src/main.ts'], ...threads]);
if (Object.keys(input).length <= threads.length)
  throw new Error('two threads have the same name, and lie side by side once built');

/**
 * The server and its threads as few files: Node takes a third of the processor time of a start to
 * find and read hundreds of them. What is loaded natively, or seldom, stays a package.
 */
export default defineConfig({
  input,
  platform: 'node',
  external: ['better-sqlite3', '@eventstore/db-client', 'pino'],
  tsconfig: 'tsconfig.json',
  output: {
    dir: 'dist/server',
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true,
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
  },
});
