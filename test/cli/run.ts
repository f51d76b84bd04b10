import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Ran {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

const programs = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli');

/** One of our commands as it is built, without the settings of whoever runs the tests. */
export const run = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> =>
  new Promise((resolve) => {
    const { PATH = '' } = process.env;
    const options = { env: { PATH, ...env } };
    execFile(
      process.execPath,
      [join(programs, `${program}.js`), ...args],
      options,
      (error, out, err) => resolve({ code: error?.code ?? 0, out, err }),
    );
  });
