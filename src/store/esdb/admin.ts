import type { DeleteResult, EventStoreDBClient } from '@eventstore/db-client';
import { jsonEvent } from '@eventstore/db-client';
import { systemChance } from '../../domain/chance.ts';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import { checkStreamName } from '../append-limits.ts';
import type { EventStore, ExpectedRevision, StreamMetadata } from '../event-store.ts';
import { streamNotFound } from '../stream-errors.ts';
import { WrongExpectedRevision } from '../wrong-expected-revision.ts';
import type { EsdbAppends } from './append.ts';
import type { EsdbConnection } from './connection.ts';
import { within } from './deadline.ts';
import { persist, unavailable } from './persistence.ts';
import type { EsdbReads } from './read.ts';
import type { StreamNames } from './stream-names.ts';
import type { EsdbTuning } from './tuning.ts';

type Removal = (
  client: EventStoreDBClient,
  stream: string,
  options: { expectedRevision: bigint | 'any' | 'no_stream'; deadline: number },
) => Promise<DeleteResult>;

export interface EsdbAdmin
  extends Pick<
    EventStore,
    'deleteStream' | 'tombstoneStream' | 'setStreamMetadata' | 'getStreamMetadata'
  > {
  /** Under the server's name for the stream. */
  tombstoneAnywhere(outer: string): Promise<void>;
}

/** What the server's streams of metadata hold; other members are not ours to drop. */
interface ServerMetadata {
  readonly $maxCount?: unknown;
  readonly $maxAge?: unknown;
  readonly $tb?: unknown;
}

const conflicts = 3;

export const createEsdbAdmin = (
  connection: EsdbConnection,
  reads: EsdbReads,
  appends: EsdbAppends,
  names: StreamNames,
  tuning: EsdbTuning,
): EsdbAdmin => {
  /** Where the server keeps what it knows of a stream. */
  const metadataOf = (stream: string): string => `$$${names.outer(stream)}`;

  const remove = (
    stream: string,
    expected: number | 'any' | 'no_stream',
    call: Removal,
    outer = names.outer(stream),
  ) =>
    persist<DeleteResult>(connection, tuning, {
      subject: stream,
      run: ({ client }) => {
        const expectedRevision = typeof expected === 'number' ? BigInt(expected) : expected;
        const deadline = tuning.appendTimeoutMs;
        const work = call(client, outer, { expectedRevision, deadline });
        return within(tuning.clock, tuning.appendTimeoutMs, `a deletion of ${stream}`, work);
      },
      rejected: async (rejection, cause) => {
        switch (rejection.kind) {
          case 'not-done':
            return undefined;
          case 'conflict':
            throw new WrongExpectedRevision(stream, expected, rejection.actual);
          case 'refused':
            throw rejection.error;
          case 'unknown':
            throw new TriplineError(
              'outcome-unknown',
              `it is not known whether ${stream} is deleted`,
              {
                cause,
              },
            );
        }
      },
      exhausted: unavailable,
    });

  /** The client cannot ask for a stream that merely exists, so it is asked for as it is now. */
  const present = async (stream: string): Promise<number> => {
    try {
      const last = await reads.readLast(names.outer(stream));
      if (last?.event !== undefined) return Number(last.event.revision);
    } catch (error) {
      if (!isTriplineError(error, 'stream-not-found')) throw error;
    }
    throw new WrongExpectedRevision(stream, 'stream_exists', 'no_stream');
  };

  const removeAt = async (stream: string, expected: ExpectedRevision, call: Removal) => {
    checkStreamName(stream);
    await remove(stream, expected === 'stream_exists' ? await present(stream) : expected, call);
  };

  const currentMetadata = async (
    stream: string,
  ): Promise<{ revision: number | 'no_stream'; metadata: ServerMetadata }> => {
    try {
      const last = await reads.readLast(metadataOf(stream));
      if (last?.event !== undefined) {
        const { revision, data } = last.event;
        return { revision: Number(revision), metadata: data as ServerMetadata };
      }
    } catch (error) {
      if (!isTriplineError(error, 'stream-not-found')) throw error;
    }
    return { revision: 'no_stream', metadata: {} };
  };

  const changeMetadata = async (stream: string, { maxCount, maxAge }: StreamMetadata) => {
    const { revision, metadata } = await currentMetadata(stream);
    const { $maxCount: _count, $maxAge: _age, ...kept } = metadata;
    // Above 2^53 the number of a deleted stream has lost digits, and writing it back would harm it.
    if (Number(kept.$tb ?? 0) >= Number.MAX_SAFE_INTEGER) throw streamNotFound(stream);
    const data = {
      ...kept,
      ...(maxCount === undefined ? {} : { $maxCount: maxCount }),
      ...(maxAge === undefined ? {} : { $maxAge: maxAge }),
    };
    const event = jsonEvent({ id: systemChance.newId(), type: '$metadata', data });
    await appends.send(metadataOf(stream), revision, [event], JSON.stringify(data).length);
  };

  return {
    deleteStream: (stream, expected) =>
      removeAt(stream, expected, (client, ...call) => client.deleteStream(...call)),
    tombstoneStream: (stream, expected) =>
      removeAt(stream, expected, (client, ...call) => client.tombstoneStream(...call)),
    tombstoneAnywhere: async (outer) => {
      await remove(outer, 'any', (client, ...call) => client.tombstoneStream(...call), outer);
    },
    setStreamMetadata: async (stream, metadata) => {
      checkStreamName(stream);
      for (let tries = 1; ; tries += 1) {
        try {
          return await changeMetadata(stream, metadata);
        } catch (error) {
          if (!isTriplineError(error, 'wrong-expected-revision') || tries === conflicts)
            throw error;
        }
      }
    },
    getStreamMetadata: async (stream) => {
      const { $maxCount, $maxAge } = (await currentMetadata(stream)).metadata;
      return {
        ...(typeof $maxCount === 'number' ? { maxCount: $maxCount } : {}),
        ...(typeof $maxAge === 'number' ? { maxAge: $maxAge } : {}),
      };
    },
  };
};
