import { readFileSync } from 'node:fs';
import type { Accepted } from './accepted.ts';

type Status =
  | 'Killed'
  | 'Timeout'
  | 'Survived'
  | 'NoCoverage'
  | 'Ignored'
  | 'RuntimeError'
  | 'CompileError'
  | 'Pending';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What we read of a report, see https://github.com/stryker-mutator/mutation-testing-elements. */
interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly mutatorName: string;
          readonly replacement?: string;
          readonly status: Status;
          readonly statusReason?: string;
          readonly coveredBy?: readonly string[];
          readonly testsCompleted?: number;
          readonly location: { readonly start: Place; readonly end: Place };
        }[];
      }
    >
  >;
}

export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  /** What stands in the file, and what the mutant puts in its place. */
  readonly code: string;
  readonly replacement: string;
  readonly status: Status;
  /** Killed because a test, or all of them, took too long: a slow machine can do that, too. */
  readonly isTimedOut: boolean;
  /** It acts as modules load, and is left out: it would need a thread of its own. */
  readonly isLeftOut: boolean;
  /** It lives, but not all tests that reach it have been asked. */
  readonly isUntried: boolean;
}

const between = (source: string, start: Place, end: Place): string => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.pop()?.slice(0, end.column - 1) ?? '';
  return [...lines, last].join('\n').slice(start.column - 1);
};

export const mutantsIn = (report: string): readonly Mutant[] => {
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ mutatorName, replacement, status, location: { start, end }, ...tried }) => ({
      file,
      line: start.line,
      mutator: mutatorName,
      code: between(source, start, end),
      replacement: replacement ?? '',
      status,
      isTimedOut: status === 'Timeout' || /timed out/.test(tried.statusReason ?? ''),
      isLeftOut: status === 'Ignored' && /^Static/.test(tried.statusReason ?? ''),
      isUntried:
        status === 'Survived' && (tried.testsCompleted ?? 0) < (tried.coveredBy?.length ?? 0),
    })),
  );
};

export const isKilled = ({ status }: Mutant): boolean =>
  status === 'Killed' || status === 'Timeout';

export const lives = ({ status }: Mutant): boolean =>
  status === 'Survived' || status === 'NoCoverage';

export const isAcceptedBy =
  (mutant: Mutant) =>
  ({ file, mutator, code }: Accepted): boolean =>
    mutant.file === file && mutant.mutator === mutator && mutant.code === code;
