import { type Fact, versionOf } from '../../src/domain/events.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { EventMetadata, StoredEvent } from '../../src/domain/recorded.ts';

export const positionOf = (place: number) => asPosition(String(place).padStart(16, '0'));

export const instantOf = (place: number): string =>
  new Date(Date.UTC(2026, 0, 1) + place * 1_000).toISOString();

export interface Written {
  readonly stream: string;
  readonly fact: Fact | { readonly type: string; readonly data: object };
  readonly metadata?: Partial<EventMetadata>;
}

/** A log as a store would give it back: revisions per stream, one place after the other. */
export const recorded = (written: readonly Written[], firstPlace = 1): StoredEvent[] => {
  const revisions = new Map<string, number>();
  return written.map(({ stream, fact, metadata }, index) => {
    const place = firstPlace + index;
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    return {
      id: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
      stream,
      revision,
      position: positionOf(place),
      type: fact.type,
      data: fact.data,
      metadata: {
        workspace: 'acme',
        actor: 'user:ada',
        occurredAt: instantOf(place),
        schemaVersion: versionOf(fact.type) ?? 1,
        $correlationId: 'story',
        ...metadata,
      },
      recordedAt: instantOf(place),
    };
  });
};
