import { replayedIdOf } from '../../domain/ids.ts';
import type { Judged, ScanPage } from './scan.ts';
import type { Tally } from './tally.ts';
import type { Delivery } from './verdict.ts';

export interface Duty extends Pick<Judged, 'arrival'> {
  readonly delivery: Delivery;
}

/**
 * What is to be done about a page, less what was done about it before: that is neither done nor counted
 * a second time. `queued` is exact; views may be a while behind where one of them is made anew.
 */
export const dutiesOf = (
  replayId: string,
  { judged }: ScanPage,
  queued: readonly string[],
  tally: Tally,
): readonly Duty[] => {
  const before = new Set(queued);
  return judged.flatMap(({ arrival, invocations, verdicts }) => {
    const { arrivalId } = arrival;
    for (const { invocationId } of invocations) before.add(invocationId);
    const left = verdicts.filter(
      ({ triggerId }) => !before.has(replayedIdOf(replayId, arrivalId, triggerId ?? '')),
    );
    return left.flatMap((verdict): readonly Duty[] => {
      if (!('skip' in verdict)) return [{ arrival, delivery: verdict }];
      tally.skip(arrivalId, verdict.triggerId, verdict.skip);
      return [];
    });
  });
};
