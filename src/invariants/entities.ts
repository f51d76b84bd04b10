import type { FactType, Recorded } from '../domain/events.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

/** From where a fact may come to be, and to where it leads. */
interface Step {
  readonly from: readonly string[];
  readonly to: string;
}

const step = (to: string, ...from: readonly string[]): Step => ({ from, to });
const nowhere = 'absent';

/** What may follow on what, in the words of README. Where nothing leads away from, nothing changes. */
const steps: { readonly [T in FactType]?: Step } = {
  FunctionRegistered: step('active', nowhere),
  FunctionRevised: step('active', 'active'),
  FunctionSecretsResealed: step('active', 'active'),
  FunctionRetired: step('deleted', 'active'),
  TriggerRegistered: step('active', nowhere),
  TriggerRevised: step('as it was', 'active', 'paused', 'suspended'),
  TriggerSecretsResealed: step('as it was', 'active', 'paused', 'suspended'),
  TriggerPaused: step('paused', 'active', 'suspended'),
  TriggerSuspended: step('suspended', 'active'),
  TriggerResumed: step('active', 'paused', 'suspended'),
  TriggerRetired: step('deleted', 'active', 'paused', 'suspended'),
  DraftSaved: step('open', nowhere, 'open'),
  DraftPublished: step('published', 'open'),
  DraftDiscarded: step('discarded', 'open'),
  ApiKeyIssued: step('valid', nowhere),
  ApiKeyRevoked: step('revoked', 'valid'),
  ReplayRequested: step('requested', nowhere),
  ReplayCountBegun: step('counting', 'requested'),
  ReplayCounted: step('running', 'counting'),
  ReplayAdvanced: step('running', 'running'),
  ReplayPaused: step('paused', 'running'),
  ReplayResumed: step('running', 'paused'),
  ReplayCompleted: step('completed', 'running'),
  ReplayCancelled: step('cancelled', 'requested', 'counting', 'running', 'paused'),
  ReplayFailed: step('failed', 'requested', 'counting', 'running', 'paused'),
};

const over: ReadonlySet<string> = new Set([
  ...['deleted', 'published', 'discarded', 'revoked'],
  ...['completed', 'cancelled', 'failed'],
]);

interface Entity {
  readonly status: string;
  readonly version: number;
  readonly isSystem: boolean;
}

const absent: Entity = { status: nowhere, version: 0, isSystem: false };
const forgotten: Entity = { ...absent, status: 'over' };

const idOf = ({ data }: Recorded): string => {
  if ('draftId' in data) return data.draftId;
  if ('keyId' in data) return data.keyId;
  if ('replayId' in data) return data.replayId;
  if ('triggerId' in data) return data.triggerId;
  return 'functionId' in data ? data.functionId : '';
};

const unchangeable: ReadonlySet<FactType> = new Set(['TriggerRevised', 'TriggerRetired']);

/**
 * What is registered comes to be once, takes the steps that its kind allows, counts its versions
 * without a gap, and is never changed once it is over; what comes with the workspace stays.
 */
export const entities: DefineInvariant = ({ remembers }) => {
  const known = new Map<string, Entity>();

  /** What the fact makes of it. */
  const after = ({ data }: Recorded, { to }: Step, before: Entity): Entity => ({
    status: to === 'as it was' ? before.status : to,
    version: 'version' in data ? data.version : before.version,
    isSystem: 'isSystem' in data ? data.isSystem : before.isSystem,
  });

  const judge = (fact: Recorded, taken: Step, before: Entity, demand: Demand): void => {
    const { type, data } = fact;
    const id = idOf(fact);
    demand(taken.from.includes(before.status), `${type} of ${id}, which is ${before.status}`);
    const next = before.version + 1;
    const isNext = !('version' in data) || data.version === next;
    demand(isNext, `${id} does not have version ${next} after ${before.version}`);
    const isAllowed = !before.isSystem || !unchangeable.has(type);
    demand(isAllowed, `${type} of ${id}, which comes with its workspace`);
  };

  const take = (fact: Recorded, demand: Demand): void => {
    const { type, stream, revision } = fact;
    const taken = steps[type];
    if (taken === undefined) return;
    const isForgotten = revision > 0 && remembers === 'open';
    const before = known.get(stream) ?? (isForgotten ? forgotten : absent);
    judge(fact, taken, before, demand);
    const entity = after(fact, taken, before);
    if (over.has(entity.status) && remembers === 'open') known.delete(stream);
    else known.set(stream, entity);
  };

  return { on: Object.fromEntries(Object.keys(steps).map((type) => [type, take])) };
};
