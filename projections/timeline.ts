import { fingerprintOf, hasFingerprint } from './fingerprint.ts';
import { defineEnvelopeProjection, type Enveloped } from './projection.ts';

/**
 * What a run of the log is about, so that an audit query reads only the runs that can hold an
 * answer. The events themselves stay where they are: one document per {@link blockSize} of them.
 */
export interface TimelineBlock {
  /** Of its first event. */
  readonly position: string;
  readonly lastPosition: string;
  /** Earliest and latest `occurredAt`. */
  readonly firstTime: string;
  readonly lastTime: string;
  readonly workspaces: readonly string[];
  readonly types: readonly string[];
  readonly actors: readonly string[];
  /**
   * Fingerprints, one per event, one after the other. Text, because appending to it costs the same
   * however long it is, and a block is folded a thousand times before it is full.
   */
  readonly entities: string;
  readonly correlations: string;
}

export const blockSize = 1_024;

/** The id within the name of a stream or an entity: what comes after the category. */
export const entityOf = (name: string): string => name.slice(name.indexOf('-') + 1);

const nameOf = ({ entity, stream }: Enveloped): string => entity ?? stream;

const including = (values: readonly string[], value: string): readonly string[] =>
  values.includes(value) ? values : [...values, value];

const begun = (event: Enveloped): TimelineBlock => {
  const { type, position, metadata } = event;
  return {
    position,
    lastPosition: position,
    firstTime: metadata.occurredAt,
    lastTime: metadata.occurredAt,
    workspaces: [metadata.workspace],
    types: [type],
    actors: [metadata.actor],
    entities: fingerprintOf(entityOf(nameOf(event))),
    correlations: fingerprintOf(metadata.$correlationId),
  };
};

/** The index of the audit: all events, in blocks. */
export const timeline = defineEnvelopeProjection<TimelineBlock>({
  name: 'timeline',
  version: 2,
  key: (_, ordinal) => String(Math.floor(ordinal / blockSize)),
  columns: ['position', 'lastPosition', 'firstTime', 'lastTime'],
  indexes: [['lastPosition']],
  every: (block, event) => {
    if (block === undefined) return begun(event);
    const { occurredAt, workspace, actor, $correlationId } = event.metadata;
    return {
      position: block.position,
      lastPosition: event.position,
      firstTime: occurredAt < block.firstTime ? occurredAt : block.firstTime,
      lastTime: occurredAt > block.lastTime ? occurredAt : block.lastTime,
      workspaces: including(block.workspaces, workspace),
      types: including(block.types, event.type),
      actors: including(block.actors, actor),
      entities: block.entities + fingerprintOf(entityOf(nameOf(event))),
      correlations: block.correlations + fingerprintOf($correlationId),
    };
  },
});

export interface TimelineFilter {
  readonly workspace: string;
  readonly actor?: string | undefined;
  /** The name of an entity or its stream, or the id in it. */
  readonly entity?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly correlationId?: string | undefined;
  /** Inclusive, both. */
  readonly fromTime?: string | undefined;
  readonly toTime?: string | undefined;
}

/** False only where no event of the block can match. */
export const blockMayHold = (block: TimelineBlock, filter: TimelineFilter): boolean => {
  const { actor, entity, types, correlationId, fromTime, toTime } = filter;
  return (
    block.workspaces.includes(filter.workspace) &&
    (actor === undefined || block.actors.includes(actor)) &&
    (types === undefined || types.some((type) => block.types.includes(type))) &&
    (fromTime === undefined || block.lastTime >= fromTime) &&
    (toTime === undefined || block.firstTime <= toTime) &&
    (correlationId === undefined ||
      hasFingerprint(block.correlations, fingerprintOf(correlationId))) &&
    (entity === undefined ||
      [entity, entityOf(entity)].some((id) => hasFingerprint(block.entities, fingerprintOf(id))))
  );
};

/** Whether the event is one that is asked for. */
export const eventMatches = (event: Enveloped, filter: TimelineFilter): boolean => {
  const { actor, entity, types, correlationId, fromTime, toTime } = filter;
  const { metadata } = event;
  return (
    metadata.workspace === filter.workspace &&
    (actor === undefined || metadata.actor === actor) &&
    (types === undefined || types.includes(event.type)) &&
    (fromTime === undefined || metadata.occurredAt >= fromTime) &&
    (toTime === undefined || metadata.occurredAt <= toTime) &&
    (correlationId === undefined || metadata.$correlationId === correlationId) &&
    (entity === undefined || nameOf(event) === entity || entityOf(nameOf(event)) === entity)
  );
};
