import type { LogReport } from './log-report.ts';

const mostTold = 20;

const list = (sentences: readonly string[], total: number): readonly string[] => [
  ...sentences.slice(0, mostTold).map((sentence) => `  ${sentence}`),
  ...(total > mostTold ? [`  … and ${total - mostTold} more`] : []),
];

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

const typesOf = ({ types }: LogReport): readonly string[] => {
  const width = Math.max(0, ...[...types.keys()].map((type) => type.length));
  return [...types]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([type, count]) => `  ${type.padEnd(width)}  ${count}`);
};

/** For people to read; the verdict comes last, with the reasons for it. */
export const textOf = (report: LogReport): string => {
  const { events, hash, unknown, first, broken, underWay } = report;
  const end = hash === '' ? '' : ` (the chain ends with ${hash})`;
  return [
    `${counted(events, 'event', 'events')}, each as it was written${end}`,
    ...typesOf(report),
    ...(unknown > 0 ? [`${unknown} of types that are unknown here`] : []),
    ...(underWay.length > 0 ? [`${underWay.length} under way where the log ends:`] : []),
    ...list(underWay, underWay.length),
    broken > 0
      ? `${counted(broken, 'promise is', 'promises are')} broken:`
      : 'every promise is kept',
    ...list(first, broken),
    '',
  ].join('\n');
};
