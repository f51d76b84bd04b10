import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';
import { createThreadKeeper } from './test/mutants/kept-thread.ts';
import { remember, ShortestFirst } from './test/mutants/shortest-first.ts';

const lawsOfMutants = fileURLToPath(new URL('./test/mutants/fewer-runs.ts', import.meta.url));
const forgetfulMemo = fileURLToPath(new URL('./test/mutants/forgetful.ts', import.meta.url));
const keeper = createThreadKeeper();

/** Stryker asks for threads on the command line, which is stronger than a configuration file. */
const keptThread: Plugin = {
  name: 'kept-thread',
  configureVitest: ({ project: { config } }) => {
    config.pool = keeper.pool.name;
    config.poolRunner = keeper.pool;
    config.isolate = false;
  },
};

const fewerRuns: Plugin = {
  name: 'fewer-runs',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id === 'fast-check' && importer !== lawsOfMutants ? lawsOfMutants : undefined,
};

const memosForgotten: Plugin = {
  name: 'memos-forgotten',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id.endsWith('/memo.ts') && importer !== forgetfulMemo ? forgetfulMemo : undefined,
};

/** What Stryker 9.6 adds to each file of tests was written for the hooks of vitest before 4.1. */
const hooksOfToday: Plugin = {
  name: 'hooks-of-today',
  transform: (code, id) => {
    if (!/stryker-setup-\d+\.js$/.test(id)) return undefined;
    const mended = code.replaceAll('afterAll(({ meta })', 'afterAll(({}, { meta })');
    if (mended === code) throw new Error('the hooks of Stryker need no mending any more');
    return mended;
  },
};

const neverEnded = (module: TestModule): boolean =>
  [...module.children.allTests('failed')].some((test) =>
    test.result().errors?.some(({ message }) => message.includes('timed out')),
  );

const watching: Reporter = {
  onTestModuleEnd: remember,
  onTestRunEnd: (modules, errors) => {
    if (errors.length > 0 || modules.some(neverEnded)) keeper.doubt();
  },
};

export default defineConfig({
  plugins: [keptThread, fewerRuns, memosForgotten, hooksOfToday],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/mutants/setup.ts'],
    reporters: [watching],
    sequence: { sequencer: ShortestFirst },
    cache: false,
    disableConsoleIntercept: true,
    hookTimeout: 30_000,
  },
});
