import type { EventStoreDBClient } from '@eventstore/db-client';
import { jsonEvent } from '@eventstore/db-client';
import { systemChance } from '../../domain/chance.ts';
import type { EsdbConnection } from './connection.ts';
import { within } from './deadline.ts';
import { persist, unavailable } from './persistence.ts';
import type { EsdbReads } from './read.ts';
import type { EsdbTuning } from './tuning.ts';
import type { EsdbCredentials } from './url.ts';

interface Parts {
  readonly connection: EsdbConnection;
  readonly reads: EsdbReads;
  readonly tuning: EsdbTuning;
  /** A stream that nobody reads as a part of a log. */
  readonly stream: string;
  /** Take it past the stream that appends share, whose deadlines are the very question. */
  readonly credentials: EsdbCredentials;
}

const mark = async (client: EventStoreDBClient, { stream, tuning, credentials }: Parts) => {
  const event = jsonEvent({ id: systemChance.newId(), type: 'ClockRead', data: {} });
  const call = client.appendToStream(stream, [event], {
    expectedRevision: 'any',
    credentials,
  });
  const { clock, appendTimeoutMs } = tuning;
  await within(clock, appendTimeoutMs, 'a look at its clock', call);
};

/**
 * By how many milliseconds the server's clock is ahead of ours, at least; negative where it is
 * behind. Deadlines of appends are instants, and the server compares them with its own clock.
 */
export const serverAheadBy = async (parts: Parts): Promise<number> => {
  const { connection, reads, tuning, stream } = parts;
  await persist<true>(connection, tuning, {
    subject: stream,
    run: async ({ client }) => {
      await mark(client, parts);
      return true;
    },
    rejected: async (rejection) => {
      if (rejection.kind === 'refused') throw rejection.error;
      return undefined;
    },
    exhausted: unavailable,
  });
  const last = await reads.readLast(stream);
  // What the answers took counts against the difference, never for it.
  return last?.event === undefined ? 0 : last.event.created.getTime() - tuning.clock.now();
};
