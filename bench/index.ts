import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { appends } from './appends.ts';
import { disk } from './disk.ts';
import { endToEnd } from './end-to-end.ts';
import { filters } from './filters.ts';
import { history } from './history.ts';
import { ingest } from './ingest.ts';
import { latency } from './latency.ts';
import { match } from './match.ts';
import { memory } from './memory.ts';
import { type Finding, type Part, tableOf } from './part.ts';
import { peers } from './peers.ts';
import { rebuild } from './rebuild.ts';
import { streamIndex } from './stream-index.ts';
import { whatIf } from './what-if.ts';

const parts: readonly Part[] = [
  disk,
  ingest,
  appends,
  endToEnd,
  latency,
  rebuild,
  match,
  filters,
  memory,
  whatIf,
  history,
];

/** What takes long, or needs programs that are not ours, runs where it is asked for only. */
const onRequest: readonly Part[] = [peers, streamIndex];
const known = [...parts, ...onRequest];

const chosen = (names: readonly string[]): readonly Part[] => {
  const unknown = names.filter((name) => !known.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no such part: ${unknown.join(', ')}; there are ${known.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? parts : known.filter(({ name }) => names.includes(name));
};

const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  kernel: release(),
};

const results: Record<string, { aim: string; findings: readonly Finding[] }> = {};
console.log(`${machine.cpus} × ${machine.model}, Node ${machine.node}, Linux ${machine.kernel}`);
for (const part of chosen(process.argv.slice(2))) {
  console.log(`\n### ${part.title}\n\nAim: ${part.aim}\n`);
  const findings = await part.run();
  results[part.name] = { aim: part.aim, findings };
  console.log(tableOf(findings));
}

const folder = join(import.meta.dirname, 'results');
const file = join(folder, 'latest.json');
await mkdir(folder, { recursive: true });
await writeFile(
  file,
  `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`,
);
console.log(`\nWritten to ${file}`);
