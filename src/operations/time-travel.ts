import type { RegistryEntry } from '../../projections/registry.ts';
import type { RegistryChange } from '../../projections/registry-changes.ts';
import { asPosition, type Position } from '../domain/position.ts';
import { createPastRegistry, type PastRegistry } from '../routing/registry-as-of.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import { everyDocument } from '../views/every-document.ts';
import { cursorOf } from '../views/find-statement.ts';
import type { OperationsDeps } from './deps.ts';
import { createKeptRegistries, type KeepingLimits } from './kept-registries.ts';

/** What became of a function or trigger between two moments. */
export interface Becoming {
  readonly before: RegistryEntry | undefined;
  readonly after: RegistryEntry | undefined;
  /** In the order of the log; never empty. */
  readonly changes: readonly RegistryChange[];
}

export interface Life {
  readonly registered: RegistryChange;
  readonly retired: RegistryChange | undefined;
}

/** Up to and with a place in the log; or all that had been recorded by an instant. */
export type Moment = { readonly position: Position } | { readonly time: string };

/** Some 100 MB where no two of them have anything in common. */
const keeping: KeepingLimits = { every: 5_000, most: 100_000 };

/** Looks back: functions and triggers as they stood. */
export const createTimeTravel = (
  { views, kinds }: Pick<OperationsDeps, 'views' | 'kinds'>,
  limits = keeping,
) => {
  const kept = createKeptRegistries(limits);

  /** Clocks jump: the last change that claims to be of before counts, and all ahead of it in the log. */
  const placeOf = async (workspace: string, moment: Moment): Promise<string | undefined> => {
    if ('position' in moment) return moment.position;
    const between = { column: 'at', to: moment.time };
    const query = { where: { workspace }, between, order: 'desc', limit: 1 } as const;
    return (await views.find('registry-changes', query)).documents[0]?.position;
  };

  /** Each between two moments, the second one included, in the order of the log. */
  async function* changesBetween(
    workspace: string,
    from: Moment | undefined,
    to: Moment,
  ): AsyncGenerator<RegistryChange> {
    const last = await placeOf(workspace, to);
    if (last === undefined) return;
    const first = from && (await placeOf(workspace, from));
    const between = { column: 'position', to: last };
    const after = first === undefined ? undefined : cursorOf(first);
    yield* everyDocument(views, 'registry-changes', { where: { workspace }, between, after });
  }

  /** From the nearest one that was kept. */
  const asOf = async (workspace: string, moment: Moment): Promise<PastRegistry> => {
    const last = await placeOf(workspace, moment);
    if (last === undefined) return createPastRegistry(kinds);
    const nearest = kept.nearest(workspace, last);
    const from = nearest && { position: asPosition(nearest.position) };
    const past = createPastRegistry(kinds, nearest?.entries);
    let told = 0;
    for await (const change of changesBetween(workspace, from, { position: asPosition(last) })) {
      past.tell(change);
      told += 1;
      kept.passed(workspace, change.position, told, past.entries);
    }
    return past;
  };

  return {
    registryAsOf: async (workspace: string, moment: Moment): Promise<RegistryIndex> =>
      (await asOf(workspace, moment)).index,
    /** When a function or trigger was registered, and when it was retired; undefined: there never was one. */
    async lifeOf(workspace: string, entity: string): Promise<Life | undefined> {
      const where = { workspace, entity };
      const end = async (order: 'asc' | 'desc') =>
        (await views.find('registry-changes', { where, order, limit: 1 })).documents[0];
      const [registered, last] = await Promise.all([end('asc'), end('desc')]);
      if (registered === undefined) return undefined;
      return { registered, retired: last?.type.endsWith('Retired') ? last : undefined };
    },
    /** By entity, as the changes name it: all that anything happened to. */
    async whatBecame(
      workspace: string,
      from: Moment | undefined,
      to: Moment,
    ): Promise<ReadonlyMap<string, Becoming>> {
      const past = from === undefined ? createPastRegistry(kinds) : await asOf(workspace, from);
      const became = new Map<string, Becoming>();
      for await (const change of changesBetween(workspace, from, to)) {
        const { entity } = change;
        const { before, changes } = became.get(entity) ?? {
          before: past.entryOf(entity),
          changes: [],
        };
        past.tell(change);
        const after = past.entryOf(entity);
        became.set(entity, { before, after, changes: [...changes, change] });
      }
      return became;
    },
  };
};
