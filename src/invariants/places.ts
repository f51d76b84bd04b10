import { isLane } from '../domain/ids.ts';
import { beginning, type Position, recordPositionOf } from '../domain/position.ts';
import type { DefineInvariant } from './invariant.ts';

interface Stream {
  readonly revision: number;
  readonly workspace: string;
}

/** Streams that have come to their end, or may at any time: all that is asked of one is over. */
const closing: ReadonlySet<string> = new Set([
  'InvocationSucceeded',
  'InvocationDeadLettered',
  'InvocationCancelled',
  'InvocationRetried',
  'EventArrived',
  'DeliveryRepeated',
  'EventWithheld',
  'PayloadForgotten',
  'TicksMissed',
  'TickSkipped',
  'RequestRefused',
  'DeliveriesRefused',
  'ReplayCompleted',
  'ReplayCancelled',
  'ReplayFailed',
]);

/** The facts of one record share its revision. */
const revisionBehind = (known: Stream | undefined, position: Position): number => {
  if (known === undefined) return 0;
  return recordPositionOf(position) === position ? known.revision + 1 : known.revision;
};

/**
 * Each event stands behind the one before, in the log and in its stream, and a stream belongs to
 * one workspace for ever, unless it is a lane's, where all of them have their records.
 */
export const places: DefineInvariant = ({ remembers }) => {
  const streams = new Map<string, Stream>();
  const forgets = remembers === 'open';
  let last: Position = beginning;

  return {
    every({ stream, entity, revision, position, type, metadata: { workspace } }, demand) {
      demand(position > last, `its position is not behind ${last}`);
      last = position;
      const known = streams.get(stream);
      const expected = revisionBehind(known, position);
      const isForgotten = forgets && known === undefined && revision > 0;
      demand(
        revision === expected || isForgotten,
        `${stream} has revision ${revision}, not ${expected}`,
      );
      const owner = isLane(stream) ? workspace : (known?.workspace ?? workspace);
      demand(owner === workspace, `${stream} is of ${owner}, not of ${workspace}`);
      if (forgets && closing.has(type) && entity === undefined) streams.delete(stream);
      else streams.set(stream, { revision, workspace: owner });
    },
  };
};
