import type { Failure } from './batch.ts';
import { optionsOf } from './options.ts';

/** All that somebody needs to look into it. */
export const reportOf = ({ seed, steps, broken, tail }: Failure): string => {
  const { nodes, start, faults } = optionsOf(seed);
  return [
    `seed ${seed}, step ${steps}: ${nodes} processes, ${start}, ${[...faults].join(', ')}`,
    ...broken.map((sentence) => `  ! ${sentence}`),
    ...tail.map((line) => `    ${line}`),
    `  again: npm run sim -- --seed ${seed} --until ${steps}`,
  ].join('\n');
};
