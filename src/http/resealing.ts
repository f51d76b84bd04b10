import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { Actors } from '../actors/actors.ts';
import { functionAddress, triggerAddress } from '../actors/addresses.ts';
import type { Clock } from '../domain/clock.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Envelope, Sealed } from '../domain/events.ts';
import type { ResealFunction } from '../domain/function/decider.ts';
import type { Position } from '../domain/position.ts';
import type { ResealTrigger } from '../domain/trigger/commands.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { resealMetadata, sealedMembers } from '../sealing/metadata.ts';
import { reseal } from '../sealing/reseal.ts';
import type { EnginePort } from './deps.ts';

export interface ResealingDeps {
  readonly engine: Pick<EnginePort, 'registry' | 'reached'>;
  readonly actors: Pick<Actors, 'ask'>;
  readonly sealing: KeyRing;
  readonly clock: Pick<Clock, 'now'>;
}

type Step = (envelope: Envelope) => Promise<{ readonly position: Position | undefined }>;

/** What somebody else changes meanwhile is looked at again, this often. */
const maxRounds = 3;
const atOnce = 32;

const secretsOfFunction = ({ signingSecret, previousSecret }: FunctionEntry): readonly Sealed[] =>
  previousSecret === null ? [signingSecret] : [signingSecret, previousSecret];

const secretsOfTrigger = ({ triggerMetadata }: TriggerEntry): readonly Sealed[] =>
  sealedMembers(triggerMetadata).map(({ sealed }) => sealed);

/** How many secrets of the workspace each key version holds. */
export const secretsByKeyVersion = (
  { registry }: Pick<EnginePort, 'registry'>,
  workspace: string,
): ReadonlyMap<number, number> => {
  const secrets = [
    ...registry.functionsOf(workspace).flatMap(secretsOfFunction),
    ...registry.triggersOf(workspace).flatMap(secretsOfTrigger),
  ];
  const counts = new Map<number, number>();
  for (const { keyVersion } of secrets) counts.set(keyVersion, (counts.get(keyVersion) ?? 0) + 1);
  return counts;
};

/** Undefined where there is nothing to do. */
const resealFunction = (
  { sealing, clock }: ResealingDeps,
  { workspace, functionId, signingSecret, previousSecret, previousUntil }: FunctionEntry,
): ResealFunction | undefined => {
  const again = (sealed: Sealed) =>
    reseal(sealing, sealed, [workspace, functionId, 'signingSecret']);
  const over = previousUntil !== null && Date.parse(previousUntil) <= clock.now();
  const renewed = {
    signingSecret: again(signingSecret),
    // One that signs no more is not worth keeping under any key.
    previousSecret: previousSecret === null || over ? null : again(previousSecret),
  };
  const same = renewed.signingSecret === signingSecret && renewed.previousSecret === previousSecret;
  return same ? undefined : { type: 'ResealFunction', ...renewed };
};

const resealTrigger = (
  { sealing: keyRing }: ResealingDeps,
  entry: TriggerEntry,
): ResealTrigger | undefined => {
  const { workspace, triggerId } = entry;
  const renewed = resealMetadata(entry.triggerMetadata, { workspace, triggerId, keyRing });
  const triggerMetadata = renewed as ResealTrigger['triggerMetadata'] | undefined;
  return triggerMetadata && { type: 'ResealTrigger', triggerMetadata };
};

const stepsFor = (deps: ResealingDeps, workspace: string): readonly Step[] => {
  const { actors, engine } = deps;
  // Only at the revision the secrets were taken from: nobody's change is ever written over.
  const ofFunctions = engine.registry.functionsOf(workspace).flatMap((entry): readonly Step[] => {
    const command = resealFunction(deps, entry);
    const { functionId, revision: ifRevision } = entry;
    if (!command) return [];
    return [
      (envelope) => actors.ask(functionAddress(functionId), command, envelope, { ifRevision }),
    ];
  });
  const ofTriggers = engine.registry.triggersOf(workspace).flatMap((entry): readonly Step[] => {
    const command = resealTrigger(deps, entry);
    const { triggerId, revision: ifRevision } = entry;
    if (!command) return [];
    return [(envelope) => actors.ask(triggerAddress(triggerId), command, envelope, { ifRevision })];
  });
  return [...ofFunctions, ...ofTriggers];
};

const latest = (left: Position | undefined, right: Position | undefined): Position | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;

/**
 * Seals every current secret of the workspace with the newest key, each entity as one fact of its
 * own. Whoever is interrupted runs it again: what is done already is not touched. Versions before
 * the current one keep the key they were sealed with.
 */
export const resealWorkspace = async (deps: ResealingDeps, envelope: Envelope) => {
  let resealed = 0;
  let position: Position | undefined;

  const take = async (step: Step): Promise<void> => {
    try {
      position = latest(position, (await step(envelope)).position);
      resealed += 1;
    } catch (error) {
      if (!isTriplineError(error, 'precondition-failed')) throw error;
    }
  };

  for (let round = 0; round < maxRounds; round += 1) {
    const steps = stepsFor(deps, envelope.workspace);
    if (steps.length === 0) break;
    for (let at = 0; at < steps.length; at += atOnce)
      await Promise.all(steps.slice(at, at + atOnce).map(take));
    if (position !== undefined) await deps.engine.reached(position);
  }
  return { resealed, position };
};
