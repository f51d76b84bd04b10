import type { DraftEntry, FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { Actors } from '../actors/actors.ts';
import { draftAddress, functionAddress, triggerAddress } from '../actors/addresses.ts';
import type { Clock } from '../domain/clock.ts';
import type { Envelope } from '../domain/events.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { Position } from '../domain/position.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { resealMetadata, sealedMembers } from '../sealing/metadata.ts';
import { reseal } from '../sealing/reseal.ts';
import type { EnginePort } from './deps.ts';

export interface HoldersDeps {
  readonly engine: Pick<EnginePort, 'registry'>;
  readonly actors: Pick<Actors, 'ask'>;
  readonly sealing: KeyRing;
  readonly clock: Pick<Clock, 'now'>;
}

export type Renewal = (envelope: Envelope) => Promise<{ readonly position: Position | undefined }>;

/** Something with secrets of its own. */
export interface SecretHolder {
  readonly secrets: readonly Sealed[];
  /**
   * What puts its secrets under the newest key, at the revision they were taken from, so that nobody's
   * change is written over; undefined: there is nothing to do.
   */
  readonly renewal: () => Renewal | undefined;
}

type Metadata = TriggerEntry['triggerMetadata'];
type Recordable = NonNullable<DraftEntry['content']['triggerMetadata']>;

const secretsOf = (metadata: Metadata): readonly Sealed[] =>
  sealedMembers(metadata).map(({ sealed }) => sealed);

const renewed = (metadata: Metadata, workspace: string, triggerId: string, keyRing: KeyRing) =>
  resealMetadata(metadata, { workspace, triggerId, keyRing }) as Recordable | undefined;

const functionHolder = (
  { actors, sealing, clock }: HoldersDeps,
  { workspace, functionId, revision: ifRevision, ...entry }: FunctionEntry,
): SecretHolder => {
  const { signingSecret, previousSecret, previousUntil } = entry;
  const again = (sealed: Sealed) =>
    reseal(sealing, sealed, [workspace, functionId, 'signingSecret']);
  // One that signs no more is not worth keeping under any key.
  const isOver = previousUntil !== null && Date.parse(previousUntil) <= clock.now();
  return {
    secrets: previousSecret === null ? [signingSecret] : [signingSecret, previousSecret],
    renewal: () => {
      const current = again(signingSecret);
      const previous = previousSecret === null || isOver ? null : again(previousSecret);
      if (current === signingSecret && previous === previousSecret) return undefined;
      const secrets = { signingSecret: current, previousSecret: previous };
      const command = { type: 'ResealFunction', ...secrets } as const;
      return (envelope) =>
        actors.ask(functionAddress(functionId), command, envelope, { ifRevision });
    },
  };
};

const triggerHolder = (
  { actors, sealing }: HoldersDeps,
  { workspace, triggerId, triggerMetadata, revision: ifRevision }: TriggerEntry,
): SecretHolder => ({
  secrets: secretsOf(triggerMetadata),
  renewal: () => {
    const metadata = renewed(triggerMetadata, workspace, triggerId, sealing);
    if (!metadata) return undefined;
    const command = { type: 'ResealTrigger', triggerMetadata: metadata } as const;
    return (envelope) => actors.ask(triggerAddress(triggerId), command, envelope, { ifRevision });
  },
});

const draftHolder = (
  { actors, sealing }: HoldersDeps,
  { workspace, draftId, content, revision: ifRevision }: DraftEntry,
): SecretHolder => ({
  secrets: secretsOf(content.triggerMetadata ?? {}),
  renewal: () => {
    const metadata = renewed(content.triggerMetadata ?? {}, workspace, draftId, sealing);
    if (!metadata) return undefined;
    const command = {
      type: 'SaveDraft',
      content: { ...content, triggerMetadata: metadata },
    } as const;
    return (envelope) => actors.ask(draftAddress(draftId), command, envelope, { ifRevision });
  },
});

export const holdersOf = (deps: HoldersDeps, workspace: string): readonly SecretHolder[] => {
  const { registry } = deps.engine;
  return [
    ...registry.functionsOf(workspace).map((entry) => functionHolder(deps, entry)),
    ...registry.triggersOf(workspace).map((entry) => triggerHolder(deps, entry)),
    ...registry.draftsOf(workspace).map((entry) => draftHolder(deps, entry)),
  ];
};
