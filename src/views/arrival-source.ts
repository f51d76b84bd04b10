import type { ArrivalDocument } from '../../projections/arrivals.ts';
import type { InvocationDocument } from '../../projections/invocations.ts';
import { everyDocument } from './every-document.ts';
import type { Views } from './views.ts';

/** Some of a workspace's arrivals, one behind the other in the log. */
export interface ArrivalRange {
  readonly workspace: string;
  /** Both ends inclusive. Nothing behind the last is ever looked at. */
  readonly fromPosition?: string | undefined;
  readonly toPosition: string;
}

/** Of an arrival what it is routed by, and what it is told by. */
export interface ScannedArrival {
  readonly arrivalId: string;
  readonly position: string;
  readonly receivedAt: string;
  readonly sourceKind: string;
  readonly sourceKey: string;
}

/** What a function was called with, less what came in. */
export interface SentAs {
  /** Of the trigger, as it was sent last; as it was queued, where it never was. */
  readonly version: number;
  readonly functionId: string;
}

export interface ArrivalPortion {
  /** Those that are in the range, in the order of the log; there may be none. */
  readonly arrivals: readonly ScannedArrival[];
  /** All up to there has been looked at. */
  readonly position: string;
}

/** Reads a range of arrivals once, in bounded portions, without their bodies. */
export interface ArrivalSource {
  /** Undefined at the end. */
  next(): Promise<ArrivalPortion | undefined>;
  /** For arrivals of the portion given last, by the ids of invocations; those that there are not have no entry. */
  sent(invocations: readonly InvocationOf[]): Promise<ReadonlyMap<string, SentAs>>;
}

export interface InvocationOf {
  readonly invocationId: string;
  readonly arrivalId: string;
}

const scanned = (arrival: ArrivalDocument): ScannedArrival => ({
  arrivalId: arrival.arrivalId,
  position: arrival.position,
  receivedAt: arrival.receivedAt,
  sourceKind: arrival.sourceKind,
  sourceKey: arrival.sourceKey,
});

const portionSize = 500;

const sentAs = ({ attempts, triggerVersion, functionId }: InvocationDocument): SentAs => ({
  version: attempts.at(-1)?.versions?.trigger ?? triggerVersion,
  functionId,
});

/** By questions to the views, for those that nobody else can look into. */
export const arrivalsByAsking = (
  views: Pick<Views, 'find'>,
  range: ArrivalRange,
): ArrivalSource => {
  const { workspace, fromPosition, toPosition } = range;
  const between = {
    column: 'position',
    to: toPosition,
    ...(fromPosition !== undefined && { from: fromPosition }),
  };
  let after: string | undefined;
  let isOver = false;
  return {
    async next() {
      if (isOver) return undefined;
      const query = { where: { workspace }, between, after, limit: portionSize } as const;
      const { documents, next } = await views.find('arrivals', { ...query, order: 'asc' });
      after = next ?? undefined;
      isOver = next === null;
      const last = documents.at(-1);
      if (last === undefined) return undefined;
      return { arrivals: documents.map(scanned), position: last.position };
    },
    async sent(invocations) {
      const wanted = new Set(invocations.map(({ invocationId }) => invocationId));
      const found = new Map<string, SentAs>();
      if (wanted.size === 0) return found;
      const where = { arrivalId: invocations.map(({ arrivalId }) => arrivalId) };
      for await (const document of everyDocument(views, 'invocations', { where }))
        if (wanted.has(document.invocationId)) found.set(document.invocationId, sentAs(document));
      return found;
    },
  };
};
