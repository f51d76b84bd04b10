import { isTriplineError } from '../../domain/errors.ts';
import { checkAppend } from '../append-limits.ts';
import type { EventStore, NewEvent } from '../event-store.ts';
import type { EsdbAppends } from './append.ts';
import { checkEvents } from './event.ts';
import { type PayloadPlan, planPayloads } from './kept-payloads.ts';
import type { PayloadStreams } from './payload-streams.ts';
import type { StreamNames } from './stream-names.ts';

interface Parts {
  readonly appends: Pick<EsdbAppends, 'append'>;
  readonly streams: Pick<PayloadStreams, 'write' | 'forget'>;
  readonly names: StreamNames;
  readonly newId: () => string;
  /** Whether no payload rides in its record. */
  readonly besides: boolean;
}

interface Sending {
  readonly plan: PayloadPlan;
  /** An earlier try ended without an answer: the record may be there and name its streams. */
  perhapsStored: boolean;
}

/** The record was refused for good. */
const isDefinite = (error: unknown): boolean =>
  isTriplineError(error, 'wrong-expected-revision') || isTriplineError(error, 'stream-deleted');

/**
 * What lies beside is written first: a record never names what is not there. Whoever wrote it takes
 * it back, and only where the record was refused for good.
 */
export const appendsWithPayloads = ({
  appends,
  streams,
  names,
  newId,
  besides,
}: Parts): EventStore['append'] => {
  /** The same events sent again, after an outcome that was not known, name the same streams. */
  const plans = new WeakMap<readonly NewEvent[], Sending>();
  const sendingOf = (stream: string, events: readonly NewEvent[]): Sending => {
    const known = plans.get(events);
    if (known !== undefined) return known;
    const newStream = () => names.payload(newId());
    const plan = planPayloads(events, checkEvents(stream, events), besides, newStream);
    const sending = { plan, perhapsStored: false };
    plans.set(events, sending);
    return sending;
  };

  return async (stream, expected, events) => {
    checkAppend(stream, events);
    if (events.every(({ payloads = [] }) => payloads.length === 0)) {
      return appends.append(stream, expected, events);
    }
    const sending = sendingOf(stream, events);
    const { kept, beside } = sending.plan;
    for (const payload of beside) await streams.write(payload);
    try {
      return await appends.append(stream, expected, events, kept);
    } catch (error) {
      if (!isDefinite(error)) sending.perhapsStored = true;
      else if (!sending.perhapsStored) {
        plans.delete(events);
        // Left behind, it is only space that nobody comes back for.
        await Promise.allSettled(beside.map((payload) => streams.forget(payload.stream)));
      }
      throw error;
    }
  };
};
