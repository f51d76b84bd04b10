import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '../../../src/store/event-store.ts';
import { newStream, sample } from '../contract/sample.ts';

/** One line for each append, once its outcome is known. */
export interface WriterLine {
  readonly id: string;
  readonly refused?: string;
}

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const appendOne = async (store: EventStore, stream: string, data: object = {}) => {
  const event = sample(data);
  try {
    await store.append(stream, 'any', [event]);
    say({ id: event.id });
    return true;
  } catch (error) {
    say({ id: event.id, refused: (error as { code?: string }).code ?? String(error) });
    return false;
  }
};

const modes: Record<string, (store: EventStore, dataDir: string) => Promise<void>> = {
  sequence: async (store) => {
    for (let count = 0; count < 40; count += 1) await appendOne(store, newStream());
  },
  load: async (store) => {
    const call = async (): Promise<never> => {
      for (;;) await appendOne(store, newStream(), { text: 'x'.repeat(500) });
    };
    await Promise.all(Array.from({ length: 64 }, call));
  },
  /** Until it is refused, then until it works again. */
  recovery: async (store) => {
    while (await appendOne(store, newStream()));
    while (!(await appendOne(store, newStream()))) await delay(50);
  },
  /** On a small disk: fill it, finish what runs, make room, go on. */
  'full-disk': async (store, dataDir) => {
    const filler = join(dataDir, 'something-else');
    writeFileSync(filler, Buffer.alloc(96 * 1_048_576));
    await delay(500);
    const large = { text: 'x'.repeat(400_000) };
    while (await appendOne(store, `arrival-${Math.random()}`, large));
    say({ phase: 'full' });
    await appendOne(store, `lane-${Math.random()}`);
    await appendOne(store, `arrival-${Math.random()}`);
    say({ phase: 'room' });
    rmSync(filler);
    while (!(await appendOne(store, `arrival-${Math.random()}`))) await delay(100);
  },
};

/** As it is built: from source its thread would take longer to start than most of this takes. */
const built = new URL('../../../dist/src/store/sqlite/store.js', import.meta.url);
const { openSqliteStore }: typeof import('../../../src/store/sqlite/store.ts') = await import(
  built.href
);

const [mode = '', dataDir = ''] = process.argv.slice(2);
try {
  const store = await openSqliteStore({ dataDir });
  await modes[mode]?.(store, dataDir);
  await store.close();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  say({ failed: code, message });
}
