import { readFileSync, writeFileSync } from 'node:fs';

const mebibytes = (pid: number, name: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024;
};

/** What a process took at most while something was done, in MiB above what it had before. */
export const peakOver = async (pid: number, work: () => Promise<unknown>): Promise<number> => {
  const before = mebibytes(pid, 'VmRSS');
  // Forgets the highest there was until now.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  await work();
  return mebibytes(pid, 'VmHWM') - before;
};
