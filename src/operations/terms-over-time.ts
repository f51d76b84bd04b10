import type { InvocationDocument } from '../../projections/invocations.ts';
import {
  functionKey,
  type TriggerEntry,
  type TriggerStatus,
  triggerKey,
} from '../../projections/registry.ts';
import type { RegistryChange } from '../../projections/registry-changes.ts';
import { concurrencyOf } from '../routing/invocation-terms.ts';
import { createPastRegistry } from '../routing/registry-as-of.ts';
import type { Terms } from '../routing/wait.ts';
import { everyDocument } from '../views/every-document.ts';
import type { OperationsDeps } from './deps.ts';

const heldBy = {
  active: null,
  paused: 'stopped',
  suspended: 'suspended',
} as const satisfies Record<TriggerStatus, Terms['held']>;

/** What is live is held until its trigger has been given what it was to be given first. */
const heldUntil = (terms: readonly Terms[], caughtUpAt: number): readonly Terms[] => {
  const before = terms.filter(({ at }) => at < caughtUpAt);
  const last = before.at(-1);
  return [
    ...before.map(({ held, ...rest }) => ({ ...rest, held: held ?? ('catch-up' as const) })),
    ...(last === undefined ? [] : [{ ...last, at: caughtUpAt }]),
    ...terms.filter(({ at }) => at >= caughtUpAt),
  ];
};

/** How the trigger and the function of an invocation stood, from the first day on. */
export const createTermsOverTime = ({ views, kinds }: Pick<OperationsDeps, 'views' | 'kinds'>) => {
  const changesOf = async (workspace: string, entity: string) => {
    const changes: RegistryChange[] = [];
    for await (const change of everyDocument(views, 'registry-changes', {
      where: { workspace, entity },
    }))
      changes.push(change);
    return changes;
  };

  const endOf = async ({ replayId }: NonNullable<TriggerEntry['startFrom']>): Promise<number> => {
    const end = (await views.get('replays', replayId))?.finishedAt;
    return typeof end === 'string' ? Date.parse(end) : Number.POSITIVE_INFINITY;
  };

  return async ({ workspace, triggerId, functionId, replayId }: InvocationDocument) => {
    const keys = [triggerKey(triggerId), functionKey(functionId)];
    const changes = (await Promise.all(keys.map((key) => changesOf(workspace, key)))).flat();
    changes.sort((one, other) => (one.position < other.position ? -1 : 1));
    const { index, tell } = createPastRegistry(kinds);
    let startFrom: TriggerEntry['startFrom'];
    const terms = changes.map((change): Terms => {
      tell(change);
      const trigger = index.triggerById(triggerId);
      startFrom ??= trigger?.startFrom;
      return {
        at: Date.parse(change.at),
        held: trigger ? heldBy[trigger.status] : null,
        triggerLimit: trigger ? concurrencyOf(trigger) : Number.POSITIVE_INFINITY,
        functionLimit: index.functionById(functionId)?.concurrency ?? Number.POSITIVE_INFINITY,
      };
    });
    if (startFrom === undefined || replayId !== null) return terms;
    return heldUntil(terms, await endOf(startFrom));
  };
};
