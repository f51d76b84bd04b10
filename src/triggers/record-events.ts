import type { Origin } from './kind.ts';

/** What can happen to a record; the uneven spelling is how senders know it. */
export const recordEvents = [
  'record_created',
  'record_updated',
  'record_deleted',
  'record_restored',
  'record_reverted',
  'record_create_failed',
  'record_updated_failed',
  'record_deleted_failed',
] as const;

export const recordEventRule = `must be one of ${recordEvents.join(', ')}`;

/** No event has a slash in its name, so no two pairs share a key. */
export const recordEventKey = (event: string, recordSlug: string): string =>
  `${event}/${recordSlug}`;

export const recordEventOrigin = (key: string): Origin => {
  const end = key.indexOf('/');
  return { source: key.slice(end + 1), type: key.slice(0, end) };
};
