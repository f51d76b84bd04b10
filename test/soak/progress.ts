import { statSync } from 'node:fs';
import { join } from 'node:path';
import { residentMemory } from '../../bench/resident-memory.ts';

const everyMs = 10_000;

export const grouped = (value: number): string =>
  Math.round(value).toLocaleString('en').replaceAll(',', ' ');

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
export const logBytes = (dataDir: string): number => sizeOf(join(dataDir, 'events.db'));

/** A line every ten seconds until it is stopped. */
export const startProgress = (dataDir: string, pid: number, events: () => number): Disposable => {
  let before = events();
  let at = performance.now();
  const line = async (): Promise<void> => {
    const now = performance.now();
    const count = events();
    const rate = ((count - before) / (now - at)) * 1_000;
    [before, at] = [count, now];
    const { now: memory } = await residentMemory(pid);
    const onDisk = logBytes(dataDir) / 1_048_576;
    console.log(
      `${grouped(count)} events, ${grouped(rate)}/s, ${grouped(memory)} MiB resident, ${grouped(onDisk)} MiB on disk`,
    );
  };
  const timer = setInterval(() => void line().catch(console.error), everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};
