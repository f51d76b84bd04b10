import type { Difference } from '../domain/json-difference.ts';
import type { SentAs } from '../views/arrival-source.ts';
import type { JudgedPortion, SampledArrival } from '../what-if/judge.ts';
import type { Scan } from '../what-if/scan.ts';

type Verdict = 'would-fire' | 'no-longer-fires' | 'other-payload';

export interface WhatIfSum {
  /** Arrivals in the range that were looked at; the others add up to it. */
  readonly scanned: number;
  readonly wouldFire: number;
  readonly noLongerFires: number;
  readonly otherPayload: number;
  readonly unchanged: number;
  readonly notConcerned: number;
}

export type WhatIfLine =
  /** `upTo`: the last arrival that there was when it was asked. */
  | { readonly line: 'begun'; readonly upTo: string | null; readonly warnings: readonly string[] }
  | ({ readonly line: 'progress'; readonly position: string } & WhatIfSum)
  | {
      readonly line: 'arrival';
      readonly arrival: SampledArrival;
      readonly verdict: Verdict;
      /** Empty where nothing is sent, or nothing was. */
      readonly differences: readonly Difference[];
    }
  | ({ readonly line: 'sum' } & WhatIfSum);

export type DifferencesOf = (sent: SentAs) => Promise<readonly Difference[]>;

type ArrivalLine = Extract<WhatIfLine, { line: 'arrival' }>;

const nothing: WhatIfSum = {
  ...{ scanned: 0, wouldFire: 0, noLongerFires: 0 },
  ...{ otherPayload: 0, unchanged: 0, notConcerned: 0 },
};

const added = async (
  sum: WhatIfSum,
  portion: JudgedPortion,
  differencesOf: DifferencesOf,
): Promise<WhatIfSum> => {
  let { otherPayload, unchanged } = sum;
  for (const { sent, count } of portion.stillFires) {
    if ((await differencesOf(sent)).length > 0) otherPayload += count;
    else unchanged += count;
  }
  return {
    scanned: sum.scanned + portion.scanned,
    wouldFire: sum.wouldFire + portion.wouldFire,
    noLongerFires: sum.noLongerFires + portion.noLongerFires,
    otherPayload,
    unchanged,
    notConcerned: sum.notConcerned + portion.notConcerned,
  };
};

/** Undefined where nothing changes for it. */
const lineOf = async (
  arrival: SampledArrival,
  differencesOf: DifferencesOf,
): Promise<ArrivalLine | undefined> => {
  const { change, sent } = arrival;
  if (change !== 'still-fires')
    return { line: 'arrival', arrival, verdict: change, differences: [] };
  const differences = sent === null ? [] : await differencesOf(sent);
  if (differences.length === 0) return undefined;
  return { line: 'arrival', arrival, verdict: 'other-payload', differences };
};

async function* changedIn(
  { sample }: JudgedPortion,
  limit: number,
  differencesOf: DifferencesOf,
): AsyncGenerator<ArrivalLine> {
  let left = limit;
  for (const arrival of sample) {
    if (left === 0) return;
    const line = await lineOf(arrival, differencesOf);
    if (line === undefined) continue;
    left -= 1;
    yield line;
  }
}

/** What a scan comes to, told as far as it is asked for; of the arrivals the first `limit` that change. */
export async function* linesOf(
  scan: Scan,
  begun: Extract<WhatIfLine, { line: 'begun' }>,
  limit: number,
  differencesOf: DifferencesOf,
): AsyncGenerator<WhatIfLine, void> {
  yield begun;
  let sum = nothing;
  let left = limit;
  for (;;) {
    const portion = await scan.next(left);
    if (portion === undefined) break;
    sum = await added(sum, portion, differencesOf);
    for await (const line of changedIn(portion, left, differencesOf)) {
      left -= 1;
      yield line;
    }
    yield { line: 'progress', position: portion.position, ...sum };
  }
  yield { line: 'sum', ...sum };
}
