import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../exit-codes.ts';
import { reportOn } from './log-report.ts';
import { misused, runProgram } from './program.ts';
import { textOf } from './report-text.ts';

/** The log is whole, but what it tells is not what is promised. */
const brokenPromises = 1;

const usage = `usage: npm run verify -- DIR [--settled]

Checks the log in the data directory DIR: that every event is as it was written, and that together
they keep what is promised. --settled: all work is done, so what is owed must be there as well.
`;

const asked = () => {
  try {
    const options = { settled: { type: 'boolean', default: false } } as const;
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [dataDir] = positionals;
    if (dataDir === undefined || positionals.length > 1) throw new Error('name one directory');
    return { dataDir: resolve(dataDir), settled: values.settled };
  } catch (error) {
    throw misused(error, usage);
  }
};

await runProgram(() => {
  const { dataDir, settled } = asked();
  const report = reportOn(dataDir, { settled });
  process.stdout.write(textOf(report));
  return report.broken === 0 ? exitCodes.ok : brokenPromises;
});
