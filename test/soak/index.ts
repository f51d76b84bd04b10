import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from './options.ts';
import { grouped } from './progress.ts';
import { soakServer } from './server-soak.ts';
import { soakStore } from './store-soak.ts';

const shown = (value: number): string =>
  value >= 100 ? grouped(value) : String(Number(value.toPrecision(3)));

const options = parseOptions(process.argv.slice(2));
const dataDir = options.dir ?? (await mkdtemp(join(tmpdir(), 'tripline-soak-')));
await mkdir(dataDir, { recursive: true });
try {
  const figures: Record<string, number> = options.server
    ? await soakServer(options, dataDir)
    : await soakStore(options, dataDir);
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(32)}${shown(value).padStart(14)}`);
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  if (options.dir === undefined) await rm(dataDir, { recursive: true, force: true });
}
// A store that failed may keep its thread.
process.exit();
