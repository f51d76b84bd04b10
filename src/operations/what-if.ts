import type { TriggerEntry } from '../../projections/registry.ts';
import { isoOf } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { openScan } from '../what-if/open-scan.ts';
import type { OpenScan } from '../what-if/remote-scan.ts';
import type { Supposed } from '../what-if/scan.ts';
import type { OperationsDeps } from './deps.ts';
import { existing } from './existing.ts';
import { arrivalList, createHistoryPlaces } from './history-places.ts';
import { createSentDifferences } from './sent-differences.ts';
import type { Moment } from './time-travel.ts';
import { changesOf, definitionOf } from './trigger-definition.ts';
import type { NewTrigger, TriggerChanges } from './trigger-form.ts';
import { mustBeOfUser } from './triggers.ts';
import { troubleWith } from './trouble.ts';
import { answeredSoFar, visible } from './visible.ts';
import { type DifferencesOf, linesOf, type WhatIfLine } from './what-if-lines.ts';

/** A trigger that there is not, or one that is changed: as people write it. */
export type Definition =
  | { readonly trigger: null; readonly form: NewTrigger }
  | { readonly trigger: string; readonly changes: TriggerChanges };

export interface WhatIfQuestion {
  readonly workspace: string;
  readonly from: Moment | undefined;
  readonly to: Moment | undefined;
  /** Arrivals told one by one, at most. */
  readonly limit: number;
}

export interface WhatIf {
  readonly lines: AsyncGenerator<WhatIfLine, void>;
  /** Ends the work wherever it is; to be called whatever happens. */
  close(): Promise<void>;
}

const mostAtOnce = 2;

const left = () => new TriplineError('internal', 'nobody waits for the answer any more');
const stopping = () => new TriplineError('shutting-down', 'the server is stopping');

/** Nothing in the range. */
const emptyScan = (): OpenScan => ({ next: async () => undefined, close: async () => {} });

/** What would come of another trigger, or of one that is changed, told by what has arrived. */
export const createWhatIf = (deps: OperationsDeps) => {
  const { engine, views, chance, clock } = deps;
  const history = createHistoryPlaces(deps);
  const open = new Set<OpenScan>();
  let places = mostAtOnce;
  let isStopping = false;

  const newEntry = (workspace: string, form: NewTrigger): TriggerEntry => {
    const triggerId = chance.newId();
    const definition = definitionOf(deps, form, { workspace, triggerId });
    const at = isoOf(clock.now());
    return {
      ...{ entity: 'trigger', triggerId, workspace, ...definition, isSystem: false },
      ...{ status: 'active', reason: null, version: 1, revision: 0 },
      ...{ createdBy: '', createdAt: at, updatedBy: '', updatedAt: at },
    };
  };

  const supposedBy = (
    workspace: string,
    definition: Definition,
  ): { readonly supposed: Supposed; readonly differencesOf: DifferencesOf } => {
    if (definition.trigger === null) {
      const trigger = newEntry(workspace, definition.form);
      return { supposed: { trigger, isNew: true }, differencesOf: async () => [] };
    }
    const find = (id: string) => engine.registry.triggerById(id);
    const present = existing('trigger', find, { slug: workspace, id: definition.trigger });
    mustBeOfUser(present);
    const trigger = { ...present, ...changesOf(deps, definition.changes, present) };
    const differencesOf = createSentDifferences(deps, present, trigger);
    return { supposed: { trigger, isNew: false }, differencesOf };
  };

  /** The last arrival there is by now, with everything that was answered before. */
  const lastArrival = async (workspace: string): Promise<string | undefined> => {
    const seen = await answeredSoFar(deps);
    await visible(deps, seen);
    const query = { where: { workspace }, order: 'desc', limit: 1 } as const;
    return (await views.find('arrivals', query)).documents[0]?.position;
  };

  /** The same arrivals that replays and triggers which start from the past have of such a range. */
  const scanOf = async (
    { workspace, from, to }: WhatIfQuestion,
    last: string | undefined,
    supposed: Supposed,
  ): Promise<OpenScan> => {
    if (last === undefined) return emptyScan();
    const first = from && (await history.firstSince(workspace, arrivalList, from));
    if (from !== undefined && first === undefined) return emptyScan();
    const end = await history.lastUntil(workspace, arrivalList, to);
    const toPosition = end < last ? end : last;
    return openScan(deps, { workspace, ...given({ fromPosition: first }), toPosition }, supposed);
  };

  const begin = async (question: WhatIfQuestion, definition: Definition): Promise<WhatIf> => {
    const { supposed, differencesOf } = supposedBy(question.workspace, definition);
    const last = await lastArrival(question.workspace);
    const scan = await scanOf(question, last, supposed);
    if (isStopping) throw stopping();
    open.add(scan);
    const trouble = troubleWith(deps, supposed.trigger);
    const warnings = trouble === undefined ? [] : [`${trouble}: what it takes ends dead`];
    const begun = { line: 'begun', upTo: last ?? null, warnings } as const;
    return {
      lines: linesOf(scan, begun, question.limit, differencesOf),
      async close() {
        if (!open.delete(scan)) return;
        places += 1;
        await scan.close(left());
      },
    };
  };

  return {
    /**
     * Refuses what creating or changing the trigger would refuse, and whoever comes while as many
     * are at work as may be. Records nothing.
     */
    async ask(question: WhatIfQuestion, definition: Definition): Promise<WhatIf> {
      if (isStopping) throw stopping();
      if (places === 0)
        throw new TriplineError('too-many-at-once', `${mostAtOnce} of these are being worked on`);
      places -= 1;
      try {
        return await begin(question, definition);
      } catch (error) {
        places += 1;
        throw error;
      }
    },
    /** Those that are at work break off, and say so. */
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.all([...open].map((scan) => scan.close(stopping())));
    },
  };
};
