import type { StreamMetadata } from '../event-store.ts';
import type { StreamState } from '../stream-state.ts';
import type { Connection } from './database.ts';

/** What is known of a stream beside its events. Most streams have none of it. */
export interface StreamSettings {
  readonly status: 'live' | 'deleted' | 'tombstoned';
  readonly truncateBefore: number;
  readonly metadata: StreamMetadata | undefined;
}

export const noSettings: StreamSettings = {
  status: 'live',
  truncateBefore: 0,
  metadata: undefined,
};

export interface StreamSettingsTable {
  of(stream: string): StreamSettings;
  /** Within the transaction at hand; `kept` tells memory once it is durable. */
  write(stream: string, settings: StreamSettings): void;
  kept(stream: string, settings: StreamSettings): void;
}

export const stateOf = (settings: StreamSettings, last: number): StreamState => ({
  status: settings.status === 'live' && last === -1 ? 'missing' : settings.status,
  last,
  hasMetadata: settings.metadata !== undefined,
});

interface SettingsRow {
  readonly stream: string;
  readonly status: StreamSettings['status'];
  readonly truncate_before: number;
  readonly metadata: string | null;
}

/** Held in memory as a whole: the question comes with every append, and few streams have an entry. */
export const openStreamSettings = (db: Connection): StreamSettingsTable => {
  const upsert = db.prepare('INSERT OR REPLACE INTO stream_settings VALUES (?, ?, ?, ?)');
  const rows = db.prepare<[], SettingsRow>('SELECT * FROM stream_settings').all();
  const settings = new Map(
    rows.map((row): [string, StreamSettings] => [
      row.stream,
      {
        status: row.status,
        truncateBefore: row.truncate_before,
        metadata: row.metadata === null ? undefined : JSON.parse(row.metadata),
      },
    ]),
  );
  return {
    of: (stream) => settings.get(stream) ?? noSettings,
    write: (stream, { status, truncateBefore, metadata }) => {
      const json = metadata === undefined ? null : JSON.stringify(metadata);
      upsert.run(stream, status, truncateBefore, json);
    },
    kept: (stream, entry) => settings.set(stream, entry),
  };
};
