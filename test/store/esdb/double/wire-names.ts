import shared from '@eventstore/db-client/generated/shared_pb.js';

/** Stores of ours keep no `$` streams; the double keeps them under `@`. */
export const innerName = (stream: string): string =>
  stream.replace(/^\$+/, (run) => '@'.repeat(run.length));
const outerName = (stream: string): string =>
  stream.replace(/^@+/, (run) => '$'.repeat(run.length));

export const streamOf = (identifier: shared.StreamIdentifier | undefined): string =>
  innerName(Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8'));

export const identifierOf = (stream: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(outerName(stream), 'utf8'));

export const wireNameOf = outerName;

export const uuidOf = (id: string): shared.UUID => new shared.UUID().setString(id);
