import { saltLength } from '../../domain/salted-bytes.ts';
import { maxAppendBytes } from '../append-limits.ts';
import type { NewEvent, NewPayload } from '../event-store.ts';

/** Member of a record's metadata, on the server only. */
export const payloadsMember = 'payloads';

/** Every append costs, so what is no larger rides in the record's own; unless all are to lie beside. */
const mostThatRides = 65_536;

/** Where a payload is: salt and bytes in the record itself, in base64, or in a stream of their own. */
export type KeptPayload = string | { readonly stream: string; readonly size: number };

/** By the fact that names it. */
export type KeptPayloads = Readonly<Record<string, KeptPayload>>;

export interface PayloadBeside {
  readonly stream: string;
  readonly payload: NewPayload;
}

export interface PayloadPlan {
  /** Of each event. */
  readonly kept: readonly (KeptPayloads | undefined)[];
  readonly beside: readonly PayloadBeside[];
}

const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;
/** Its name, its quotes. */
const framing = 16;

const saltedBase64 = ({ salt, bytes }: NewPayload): string =>
  Buffer.concat([salt, bytes]).toString('base64');

/**
 * Which payloads ride, as far as the append has room, and which get a stream. Its name is new: it is
 * told in the record and nowhere else, so that no other writer can come to it.
 */
export const planPayloads = (
  events: readonly NewEvent[],
  bytes: number,
  besides: boolean,
  newStream: () => string,
): PayloadPlan => {
  let room = besides ? 0 : maxAppendBytes - bytes;
  const beside: PayloadBeside[] = [];
  const keep = (payload: NewPayload): KeptPayload => {
    const size = payload.bytes.length;
    const needed = base64Length(saltLength + size) + framing;
    if (size <= mostThatRides && needed <= room) {
      room -= needed;
      return saltedBase64(payload);
    }
    const stream = newStream();
    beside.push({ stream, payload });
    return { stream, size };
  };
  const kept = events.map(({ payloads = [] }) =>
    payloads.length === 0
      ? undefined
      : Object.fromEntries(payloads.map((payload) => [payload.fact, keep(payload)])),
  );
  return { kept, beside };
};

const isKept = (kept: unknown): kept is KeptPayload =>
  typeof kept === 'string' ||
  (typeof kept === 'object' &&
    kept !== null &&
    'stream' in kept &&
    typeof kept.stream === 'string' &&
    'size' in kept &&
    typeof kept.size === 'number');

/** What a record's metadata on the server says of a fact's payload. */
export const keptIn = (metadata: unknown, fact: number): KeptPayload | undefined => {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const all = (metadata as { readonly [payloadsMember]?: unknown })[payloadsMember];
  if (typeof all !== 'object' || all === null || !Object.hasOwn(all, fact)) return undefined;
  const kept = (all as Readonly<Record<number, unknown>>)[fact];
  return isKept(kept) ? kept : undefined;
};
