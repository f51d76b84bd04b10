import { readFile } from 'node:fs/promises';

export interface ResidentMemory {
  /** MiB now and at the highest. */
  readonly now: number;
  readonly peak: number;
}

/** What the kernel says a process holds in memory. */
export const residentMemory = async (pid: number): Promise<ResidentMemory> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return { now: kib('VmRSS') / 1_024, peak: kib('VmHWM') / 1_024 };
};
