import { type TriggerKinds, triggerKinds } from '../triggers/index.ts';
import { type ArrivalRange, arrivalsByAsking } from '../views/arrival-source.ts';
import type { Views } from '../views/views.ts';
import { type OpenScan, openRemoteScan } from './remote-scan.ts';
import { createScan, type ScannedLog, type Supposed } from './scan.ts';

export interface ScanDeps {
  readonly views: Pick<Views, 'find'> & Partial<Pick<Views, 'shared'>>;
  readonly store: ScannedLog;
  readonly kinds: TriggerKinds;
}

const scanHere = (
  { views, store, kinds }: ScanDeps,
  range: ArrivalRange,
  supposed: Supposed,
): OpenScan => {
  const scan = createScan(arrivalsByAsking(views, range), supposed, kinds, async () => store);
  let failure: Error | undefined;
  return {
    async next(limit) {
      const portion = await scan.next(limit);
      if (failure !== undefined) throw failure;
      return portion;
    },
    close: async (error) => {
      failure ??= error;
    },
  };
};

/**
 * In a thread of its own, so that nothing else is held up by it. Views in memory cannot be shared
 * with one, and neither can a kind that was added while the server runs: then page by page, here.
 */
export const openScan = (deps: ScanDeps, range: ArrivalRange, supposed: Supposed): OpenScan => {
  const { shared } = deps.views;
  const { executionType } = supposed.trigger;
  const isBuiltIn = deps.kinds.get(executionType) === triggerKinds.get(executionType);
  return shared !== undefined && isBuiltIn
    ? openRemoteScan({ ...shared, range, supposed })
    : scanHere(deps, range, supposed);
};
