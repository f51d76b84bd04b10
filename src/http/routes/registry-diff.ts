import { z } from 'zod';
import type { RegistryEntry } from '../../../projections/registry.ts';
import type { RegistryChange } from '../../../projections/registry-changes.ts';
import { isoOf } from '../../domain/clock.ts';
import type { Json } from '../../domain/json.ts';
import { type Difference, differencesIn } from '../../domain/json-difference.ts';
import type { Becoming } from '../../operations/time-travel.ts';
import { toFunction } from './function-wire.ts';
import { MomentText, mustFollow, pastMoment } from './moment.ts';
import { personOf } from './owned-wire.ts';
import { Next, PagingFromFirst, pageOf } from './paging.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { toRecordedTrigger } from './trigger-wire.ts';

const Change = z
  .object({
    position: z.string(),
    type: z.string(),
    at: z.string(),
    by: z.string(),
  })
  .meta({ id: 'RegistryChange' });

const DifferenceObject = z
  .object({
    /** A JSON pointer into the object as the API shows it. */
    path: z.string(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .meta({ id: 'Difference' });

const EntityDifference = z
  .object({
    entity: z.enum(['function', 'trigger']),
    id: z.string(),
    name: z.string(),
    /** `touched`: something happened to it, and in the end it stood as before. */
    became: z.enum(['added', 'removed', 'changed', 'touched']),
    /** Member by member, of what was changed; lists count as wholes. */
    differences: z.array(DifferenceObject),
    /** Who did it, and when. */
    changes: z.array(Change),
  })
  .meta({ id: 'RegistryDifference' });
type EntityDifference = z.infer<typeof EntityDifference>;

/** Without what changes with everything. */
const comparable = (entry: RegistryEntry | undefined): Json | undefined => {
  if (entry?.entity !== 'function' && entry?.entity !== 'trigger') return undefined;
  const shown =
    entry.entity === 'function' ? toFunction(entry) : toRecordedTrigger(entry, undefined);
  const { version: _, updatedAt: __, updatedBy: ___, ...rest } = shown;
  return rest as Json;
};

const becameOf = (
  { before, after }: Becoming,
  differences: readonly Difference[],
): EntityDifference['became'] => {
  if (before === undefined) return after === undefined ? 'touched' : 'added';
  if (after === undefined) return 'removed';
  return differences.length === 0 ? 'touched' : 'changed';
};

const toChange = ({ position, type, at, actor }: RegistryChange): z.infer<typeof Change> => ({
  ...{ position, type, at },
  by: personOf(actor),
});

const nameIn = ({ before, after, changes }: Becoming): string => {
  for (const entry of [after, before])
    if (entry?.entity === 'function' || entry?.entity === 'trigger') return entry.name;
  return changes.flatMap(({ data }) => ('name' in data && data.name) || [])[0] ?? '';
};

const toDifference = ([key, becoming]: readonly [string, Becoming]): EntityDifference => {
  const [entity, id] = key.split('/') as ['function' | 'trigger', string];
  const { before, after } = becoming;
  const isChange = before !== undefined && after !== undefined;
  const differences = isChange ? differencesIn(comparable(before), comparable(after)) : [];
  return {
    ...{ entity, id, name: nameIn(becoming) },
    became: becameOf(becoming, differences),
    differences: [...differences],
    changes: becoming.changes.map(toChange),
  };
};

const byEntity = {
  keyOf: ({ entity, id }: EntityDifference) => [entity, id],
  like: ['', ''],
};

const Query = PagingFromFirst.extend({ from: MomentText.optional(), to: MomentText.optional() });

const whatBecame = async (deps: RouteDeps, slug: string, query: z.infer<typeof Query>) => {
  const from = query.from === undefined ? undefined : await pastMoment(deps, query.from, 'from');
  const to = await pastMoment(deps, query.to ?? isoOf(deps.clock.now()), 'to');
  if (from !== undefined) mustFollow(from, to);
  return await deps.operations.timeTravel.whatBecame(slug, from, to);
};

/** What became of functions and triggers between two moments, and who did it. */
export const registryDiff = resource(
  { tag: 'audit', at: `${base}/registry`, right: 'audit' },
  (deps) => [
    row({
      operationId: 'diffRegistry',
      method: 'GET',
      path: '/diff',
      summary: 'Tell what became of functions and triggers between two moments',
      description:
        'All that happened behind `from`, up to and with `to`. Left out, they are the beginning and now.',
      query: Query,
      answer: z.object({ differences: z.array(EntityDifference), next: Next }),
      handle: async ({ params, query }) => {
        const became = await whatBecame(deps, params.slug, query);
        const { items, next } = pageOf([...became].map(toDifference), byEntity, query);
        return { differences: items, next };
      },
    }),
  ],
);
