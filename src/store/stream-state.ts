/** What the rules of appending need to know about a stream. */
export interface StreamState {
  readonly status: 'missing' | 'live' | 'deleted' | 'tombstoned';
  /** Revision of the last event ever stored, -1 if there is none. */
  readonly last: number;
  readonly hasMetadata: boolean;
}

export const missingStream: StreamState = { status: 'missing', last: -1, hasMetadata: false };
