import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../exit-codes.ts';
import { ownKeys } from '../key-file.ts';
import { bringBack, type Restored } from './bring-back.ts';
import { keysOf, told } from './checked-copy.ts';
import { misused, runProgram } from './program.ts';

const usage = `usage: npm run restore -- FROM TO [--replace]

Puts the backup FROM, a directory or a lone copy of events.db, into the data directory TO, which no
server may be running on, and reads it from end to end. --replace: a log that is there already is
moved aside; without it the restore is refused.
`;

const options = { replace: { type: 'boolean', default: false } } as const;

const asked = () => {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [from, to] = positionals;
    if (from === undefined || to === undefined || positionals.length > 2)
      throw new Error('name the backup and the data directory');
    return { from: resolve(from), dataDir: resolve(to), replace: values.replace };
  } catch (error) {
    throw misused(error, usage);
  }
};

const ofKeys = (restored: Restored, dataDir: string): string => {
  if (restored.keyVersions.length === 0) return '';
  if (restored.keys.includes(ownKeys.encryption)) return 'The key of its secrets came with it.\n';
  const own = join(dataDir, ownKeys.encryption);
  return `Its secrets open with the ${keysOf(restored)}: TRIPLINE_ENCRYPTION_KEYS, or ${own}.\n`;
};

await runProgram(async () => {
  const { from, dataDir, replace } = asked();
  const restored = await bringBack(from, dataDir, { replace });
  const { replaced } = restored;
  process.stdout.write(
    `${dataDir} has ${told(restored)}\n${ofKeys(restored, dataDir)}${
      replaced === undefined ? '' : `What was there before is in ${replaced}\n`
    }The next start builds the views from it.\n`,
  );
  return exitCodes.ok;
});
