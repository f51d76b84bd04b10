import messages from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { type DoubleContext, expectedOf, metadataEvent } from './append-rpc.ts';
import { errorOf } from './wire-errors.ts';
import { streamOf } from './wire-names.ts';

/** A soft delete is a truncation in the stream's metadata, below the largest revision there is. */
const truncateAll = () => metadataEvent({ $tb: 2 ** 63 });

export const softDelete =
  ({
    store,
    softDeleted,
  }: DoubleContext): handleUnaryCall<messages.DeleteReq, messages.DeleteResp> =>
  (call, callback) => {
    const options = call.request.getOptions() ?? new messages.DeleteReq.Options();
    const stream = streamOf(options.getStreamIdentifier());
    const expected = expectedOf(options, () => options.getRevision());
    const work = async (): Promise<void> => {
      await store.deleteStream(stream, expected);
      softDeleted.add(stream);
      await store.append(`@@${stream}`, 'any', [truncateAll()]);
    };
    work().then(
      () => callback(null, new messages.DeleteResp()),
      (error: unknown) => callback(errorOf(error, stream, String(Number(expected) || -1))),
    );
  };

export const tombstone =
  ({ store }: DoubleContext): handleUnaryCall<messages.TombstoneReq, messages.TombstoneResp> =>
  (call, callback) => {
    const options = call.request.getOptions() ?? new messages.TombstoneReq.Options();
    const stream = streamOf(options.getStreamIdentifier());
    const expected = expectedOf(options, () => options.getRevision());
    store.tombstoneStream(stream, expected).then(
      () => callback(null, new messages.TombstoneResp()),
      (error: unknown) => callback(errorOf(error, stream, String(Number(expected) || -1))),
    );
  };
