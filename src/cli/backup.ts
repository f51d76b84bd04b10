import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../config.ts';
import { TriplineError } from '../domain/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { ownKeys } from '../key-file.ts';
import { type BackedUp, backUp } from './back-up.ts';
import { keysOf, told } from './checked-copy.ts';
import { misused, runProgram } from './program.ts';

const usage = `usage: npm run backup -- DIR [--from DATA] [--with-keys]

Copies the log of the data directory DATA (TRIPLINE_DATA_DIR unless given) into the new directory
DIR, whether or not a server is running on it, and reads the copy from end to end. The keys that open
sealed secrets are not in it unless asked for: keep them somewhere else.
`;

const options = {
  from: { type: 'string' },
  'with-keys': { type: 'boolean', default: false },
} as const;

const configuredDir = (): string => {
  const { dataDir, store } = parseConfig(process.env);
  if (store.startsWith('sqlite:')) return dataDir;
  const sentence = 'the log is not in the data directory: back up the database that has it';
  throw new TriplineError('invalid-configuration', sentence);
};

const asked = () => {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [target] = positionals;
    if (target === undefined || positionals.length > 1) throw new Error('name one new directory');
    return { target: resolve(target), from: values.from, withKeys: values['with-keys'] };
  } catch (error) {
    throw misused(error, usage);
  }
};

const ofKeys = (made: BackedUp, dataDir: string): string => {
  if (made.keyVersions.length === 0) return '';
  if (made.keys.includes(ownKeys.encryption))
    return 'The key that opens its secrets is in it: whoever has this backup can read them.\n';
  const where = `TRIPLINE_ENCRYPTION_KEYS, or ${join(dataDir, ownKeys.encryption)} where that is not set`;
  return `Its secrets open with the ${keysOf(made)} only, not in it: keep them apart (${where}).\n`;
};

await runProgram(async () => {
  const { target, from, withKeys } = asked();
  const dataDir = resolve(from ?? configuredDir());
  const made = await backUp(dataDir, target, { withKeys });
  process.stdout.write(`${target} has ${told(made)}\n${ofKeys(made, dataDir)}`);
  return exitCodes.ok;
});
