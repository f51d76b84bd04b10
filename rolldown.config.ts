import { defineConfig } from 'rolldown';

/**
 * The server and its threads as few files: Node takes a third of the processor time of a start to find and read
 * hundreds of them. What is loaded natively, or seldom, stays a package.
 */
export default defineConfig({
  input: {
    main: 'src/main.ts',
    'views-thread': 'src/views/views-thread.ts',
    'calls-thread': 'src/targets/http/calls-thread.ts',
    thread: 'src/store/sqlite/thread.ts',
  },
  platform: 'node',
  external: ['better-sqlite3', '@eventstore/db-client', 'pino'],
  tsconfig: 'tsconfig.json',
  output: {
    dir: 'dist/server',
    format: 'esm',
    sourcemap: true,
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
  },
});
