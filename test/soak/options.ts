import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly events: number;
  readonly server: boolean;
  /** Where the log is to lie and stay; by default in a directory that is gone afterwards. */
  readonly dir: string | undefined;
  readonly seed: number;
}

export const parseOptions = (args: readonly string[]): SoakOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '1000000' },
      server: { type: 'boolean', default: false },
      dir: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const events = Number(values.events);
  if (!Number.isSafeInteger(events) || events < 1) throw new Error('--events takes a number');
  return { events, server: values.server, dir: values.dir, seed: Number(values.seed) };
};
