import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ambientIn } from './ambient.ts';

const repository = join(import.meta.dirname, '..', '..');

/** Who may, and why; nobody else. */
const allowed: Readonly<Record<string, string>> = {
  'src/cli/token.ts': 'is a process of its own, which ends when it has said what is now',
  'src/domain/clock.ts': 'is the port of time',
  'src/domain/chance.ts': 'is the port of chance',
  'src/domain/uuid.ts': 'draws ids for the port of chance',
  'src/app.ts': 'gives the ports to everybody else',
  'src/main.ts': 'ends the process where nothing else does',
  'src/key-file.ts': 'makes a key before there is anything to give ports to',
  'src/http/routes/metrics.ts': 'measures this very process',
  'src/targets/http/http-exchange.ts': 'is what the HTTP target is made of, below the port',
  'src/targets/http/in-batches.ts': 'speaks to the thread that makes the calls',
  'src/store/memory-store.ts': 'is a store, below the port',
  'src/store/sqlite/append-queue.ts': 'is a store, below the port',
  'src/store/sqlite/engine.ts': 'is a store, below the port',
  'src/store/sqlite/stream-page.ts': 'is a store, below the port',
  'src/store/sqlite/serve-store.ts': 'is a store, below the port',
  'src/store/esdb/admin.ts': 'is a store, below the port',
  'src/store/esdb/server-clock.ts': 'is a store, below the port',
  'src/store/esdb/subscription.ts': 'is a store, below the port',
  'src/store/esdb/tuning.ts': 'gives the ports to a store',
  'src/views/open-views.ts': 'gives the ports to the views in this thread',
  'src/views/remote-views.ts': 'speaks to the thread that keeps the views',
  'src/views/views-thread.ts': 'gives the ports to the views in their thread',
};

const modules = async (): Promise<readonly string[]> => {
  const listed = await Promise.all(
    ['src', 'projections'].map(async (folder) => {
      const names = await readdir(join(repository, folder), { recursive: true });
      return names.filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
    }),
  );
  return listed.flat();
};

describe('time, timers, chance and network', () => {
  it('reach the core through ports alone', async () => {
    const takers: string[] = [];
    for (const name of await modules()) {
      const taken = ambientIn(await readFile(join(repository, name), 'utf8'));
      if (taken.length > 0) takers.push(name in allowed ? name : `${name}: ${taken.join(', ')}`);
    }
    expect(takers.sort()).toEqual(Object.keys(allowed).sort());
  });

  it.each([
    ['const at = Date.now();', ['Date.now']],
    ['const at = new Date();', ['new Date()']],
    ['const at = Date();', ['new Date()']],
    ['const id = crypto.randomUUID();', ['crypto.randomUUID']],
    ['const { random } = Math; const n = Math.random;', ['Math.random', 'random of Math']],
    ["import { randomBytes as bytes } from 'node:crypto';", ['randomBytes']],
    ["import { monitorEventLoopDelay } from 'node:perf_hooks';", ['node:perf_hooks']],
    ["import { systemClock } from '../domain/clock.ts';", ['systemClock']],
    ['queue(setTimeout, fetch);', ['fetch', 'setTimeout']],
    ['globalThis.setTimeout(f);', ['globalThis.setTimeout']],
  ])('are found in %s', (text, names) => {
    expect(ambientIn(text)).toEqual(names);
  });

  it.each([
    'const at = new Date(text);',
    'const read = (clock) => clock.now();',
    'interface Loader { fetch(): void }',
    "import { createHash } from 'node:crypto';",
    '// Date.now() in a comment, "Math.random" in a text',
  ])('are not found in %s', (text) => {
    expect(ambientIn(text)).toEqual([]);
  });
});
