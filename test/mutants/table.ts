import { type Accepted, accepted } from './accepted.ts';
import { isAcceptedBy, isKilled, lives, type Mutant } from './mutants.ts';

/** Of the mutants that tests could notice, how many of a hundred they must. */
const enough = 85;

export interface Score {
  readonly folder: string;
  readonly killed: number;
  /** Of those killed. */
  readonly timedOut: number;
  readonly leftOut: number;
  readonly living: readonly Mutant[];
  readonly accepted: number;
  readonly percent: number;
}

export const scoreOf = (folder: string, mutants: readonly Mutant[]): Score => {
  const killed = mutants.filter(isKilled).length;
  const found = mutants.filter(lives);
  const living = found.filter((mutant) => !accepted.some(isAcceptedBy(mutant)));
  const judged = killed + living.length;
  return {
    folder,
    killed,
    timedOut: mutants.filter(({ isTimedOut }) => isTimedOut).length,
    leftOut: mutants.filter(({ isLeftOut }) => isLeftOut).length,
    living,
    accepted: found.length - living.length,
    percent: judged === 0 ? 100 : (100 * killed) / judged,
  };
};

export const isEnough = ({ percent }: Score): boolean => percent >= enough;

/** Entries of the list for one of these files that no living mutant answers to. */
export const outdated = (
  mutants: readonly Mutant[],
  isJudged: (file: string) => boolean,
): readonly Accepted[] =>
  accepted
    .filter(({ file }) => isJudged(file))
    .filter((entry) => !mutants.some((mutant) => lives(mutant) && isAcceptedBy(mutant)(entry)));

export const lineOf = ({ file, line, status, code, replacement }: Mutant): string =>
  [
    `${file}:${line} ${status === 'NoCoverage' ? 'is reached by no test' : 'is noticed by no test'}`,
    `- ${code}`.replaceAll('\n', '\n    '),
    `+ ${replacement}`.replaceAll('\n', '\n    '),
  ].join('\n    ');

const heading = [
  ...['folder', 'mutants', 'killed', 'by time', 'accepted', 'unreached', 'unnoticed', 'score'],
  'left out',
];

export const tableOf = (scores: readonly Score[]): string => {
  const rows = scores.map((score) => {
    const unreached = score.living.filter(({ status }) => status === 'NoCoverage').length;
    return [
      score.folder,
      score.killed + score.living.length + score.accepted,
      score.killed,
      score.timedOut,
      score.accepted,
      unreached,
      score.living.length - unreached,
      `${score.percent.toFixed(1)} %${isEnough(score) ? '' : ` (less than ${enough} %)`}`,
      score.leftOut,
    ].map(String);
  });
  const lines = [heading, ...rows];
  const widths = heading.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
