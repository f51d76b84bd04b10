import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const spawning = `${source}thread.ts`;
const started = 'new Worker(underTsx(file),';

/** What is run in threads, by their names. */
const threads = (): string[] =>
  readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[/-]thread\.ts$/.test(name))
    .map((name) => source + name);

const bundle = async (file: string): Promise<string> => {
  const made = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: file,
      write: false,
      minify: false,
      rolldownOptions: { output: { format: 'cjs', codeSplitting: false } },
    },
  });
  const [output] = [made].flat();
  if (output === undefined || !('output' in output)) throw new TypeError(`no bundle of ${file}`);
  return output.output[0].code;
};

/**
 * Threads of tests run from one file each, made as the tests begin. From source each costs a
 * loader of its own and a hundred files, a second of a processor, which is more than most tests do.
 */
export const bundledThreads: Plugin = {
  name: 'bundled-threads',
  enforce: 'pre',
  load: async (id) => {
    if (id !== spawning) return undefined;
    const code = await readFile(id, 'utf8');
    if (!code.includes(started)) throw new Error(`${id} starts its threads in another way`);
    const bundles = await Promise.all(
      threads().map(async (file) => [pathToFileURL(file).href, await bundle(file)]),
    );
    const all = JSON.stringify(Object.fromEntries(bundles));
    return code.replace(started, () => `new Worker(${all}[file.href],`);
  },
};
