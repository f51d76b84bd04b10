import type { Position } from './position.ts';

/** How a repetition of a request is recognised. */
export interface Idempotency {
  /** Stands for workspace, method, route and key. */
  readonly request: string;
  /** What was sent, as a digest that is sealed: secrets in it may be short enough to guess. */
  readonly fingerprint: {
    readonly value: string;
    readonly encrypted: true;
    readonly keyVersion: number;
  };
}

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
  /** Of the request behind it, where its sender gave an idempotency key. */
  readonly idempotency?: Idempotency;
}

/** An event as the log has it. `data` may be parsed on first use. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** Name of what it happened to, where that has no stream of its own. */
  readonly entity?: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  /** The store's clock at the append, ISO 8601; for people, never for logic. */
  readonly recordedAt: string;
}
