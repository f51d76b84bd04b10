import type { Position } from './position.ts';

/** Who, why and when; the two `$` names are the ones the server's own tools understand. */
export interface EventMetadata {
  readonly workspace: string;
  /** `user:<sub>`, `key:<id>`, `sender:<source>` or `system:<component>`. */
  readonly actor: string;
  /** Wall clock of the writer, ISO 8601 with milliseconds. */
  readonly occurredAt: string;
  readonly schemaVersion: number;
  /** The arrival or command everything of one story shares. */
  readonly $correlationId: string;
  /** Id of the event that caused this one. */
  readonly $causationId?: string;
}

/** An event as the log has it. `data` may be parsed on first use. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  /** The store's clock at the append, ISO 8601; for people, never for logic. */
  readonly recordedAt: string;
}
