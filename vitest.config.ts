import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { bundledThreads } from './test/bundled-threads.ts';
import { contractReport } from './test/contract-report.ts';
import { LongOnesFirst } from './test/long-ones-first.ts';

const seededLaws = fileURLToPath(new URL('./test/seeded-laws.ts', import.meta.url));

const lawsWithSeed: Plugin = {
  name: 'laws-with-seed',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id === 'fast-check' && importer !== seededLaws ? seededLaws : undefined,
};

export default defineConfig({
  plugins: [lawsWithSeed, bundledThreads],
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', contractReport],
    // Ends what hangs; nobody is to be late on a machine with ten times as much to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Modules are loaded once for all files: no test may leave anything behind in one.
    isolate: false,
    // A machine may have other things to do; whoever waits longer than that waits in vain.
    expect: { poll: { timeout: 20_000, interval: 10 } },
    sequence: { sequencer: LongOnesFirst },
    maxWorkers: 3,
    pool: 'forks',
  },
});
