import { TriplineError } from '../../domain/errors.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { checkAppend, maxAppendBytes, sizeOf, tooLarge } from '../append-limits.ts';
import type { Appended, ExpectedRevision, NewEvent, NewPayload } from '../event-store.ts';
import { positionOf } from '../log-ordinal.ts';
import { streamDeleted } from '../stream-errors.ts';
import { WrongExpectedRevision } from '../wrong-expected-revision.ts';
import { codeOfExpected, eventFields, outcomeFields, outcomes } from './append-batch.ts';
import { bytesOfPayloads, longPayloadOf, payloadField } from './packed-payloads.ts';
import type { AppendedGroup } from './protocol.ts';
import { instantOf } from './stored-row.ts';

/** While one group is being written the next may be on its way, so the disk does not wait for us. */
const groupsInFlight = 2;
/** Unless it is so small that its fsync costs more than waiting for company. */
const worthItsFsync = 32;
/** Many callers make several groups, so that this thread fills one while another is written. */
const appendsPerGroup = 128;
const bytesPerGroup = 4_194_304;

interface Waiting {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  resolve(appended: Appended): void;
  reject(reason: Error): void;
}

interface Group {
  readonly items: (string | number)[];
  readonly appends: Waiting[];
  /** In the order of the items, not yet copied. */
  readonly payloads: NewPayload[];
  /** About: text is counted as if it were ASCII. */
  bytes: number;
  /** Has room for nothing else. */
  readonly isAlone: boolean;
}

export interface AppendQueue {
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Appended>;
  /** Sends what waits, however much is under way. */
  flush(): void;
  /** Everything unacknowledged is refused, and so is all that comes later. */
  fail(reason: Error): void;
}

interface QueueOptions {
  send(
    items: readonly (string | number)[],
    bytes: number,
    payloads: readonly NewPayload[],
  ): Promise<AppendedGroup>;
  /** In the order of the log, right after the appends were acknowledged. */
  onStored(events: readonly StoredEvent[]): void;
  onFailure(reason: Error): void;
}

/** Of UTF-8 for one of UTF-16: what is short enough by this needs no exact count. */
const mostBytesPerUnit = 3;

const mustFit = (stream: string, fields: readonly (string | number)[]): void => {
  let bytes = 0;
  for (let at = 0; at < fields.length; at += eventFields) {
    const [type, data, metadata] = fields.slice(at + 1, at + 4) as [string, string, string];
    bytes += sizeOf(type, data, metadata);
  }
  if (bytes > maxAppendBytes) throw tooLarge(stream, bytes);
};

const none: readonly NewPayload[] = [];

interface Written {
  readonly fields: readonly (string | number)[];
  /** Of text, in UTF-16. */
  readonly units: number;
  readonly payloads: readonly NewPayload[];
}

/** What events are on their way to the store's thread. */
const written = (events: readonly NewEvent[]): Written => {
  const fields: (string | number)[] = [];
  let all = none;
  let units = 0;
  let envelopeOf: NewEvent['metadata'] | undefined;
  let envelope = '';
  for (const { id, type, data, metadata, payloads = none } of events) {
    const json = JSON.stringify(data);
    // The events of one command mostly share it.
    if (metadata !== envelopeOf) envelope = JSON.stringify(metadata);
    envelopeOf = metadata;
    units += type.length + json.length + envelope.length;
    fields.push(id, type, json, envelope, payloadField(payloads));
    if (payloads.length > 0) all = all.length > 0 ? [...all, ...payloads] : payloads;
  }
  return { fields, units, payloads: all };
};

const numberAt = (numbers: readonly number[], at: number): number => numbers[at] ?? 0;

const newGroup = (isAlone = false): Group => ({
  items: [],
  appends: [],
  payloads: [],
  bytes: 0,
  isAlone,
});
const isFull = ({ appends, bytes, isAlone }: Group): boolean =>
  isAlone || appends.length >= appendsPerGroup || bytes >= bytesPerGroup;

/** Events as they will be read back, without a way over the disk. */
const pushStored = (
  into: StoredEvent[],
  { stream, events }: Waiting,
  lastRevision: number,
  lastPosition: number,
  recordedAt: string,
): void => {
  let before = events.length - 1;
  for (const { id, type, data, metadata } of events) {
    into.push({
      id,
      stream,
      revision: lastRevision - before,
      position: positionOf(lastPosition - before),
      type,
      data,
      metadata,
      recordedAt,
    });
    before -= 1;
  }
};

const refusalOf = (
  { stream, expected }: Waiting,
  outcome: number | undefined,
  actual: number,
): Error => {
  if (outcome === outcomes.deleted) return streamDeleted(stream);
  if (outcome === outcomes.diskFull) {
    return new TriplineError('disk-full', 'there is no space left for the log');
  }
  return new WrongExpectedRevision(stream, expected, actual === -1 ? 'no_stream' : actual);
};

/** Gathers the appends of one turn of the event loop into one message to the store's thread. */
export const createAppendQueue = ({ send, onStored, onFailure }: QueueOptions): AppendQueue => {
  const groups: Group[] = [];
  /** The appends of each group under way; replies come in the order of the groups. */
  const sent: (readonly Waiting[])[] = [];
  let failure: Error | undefined;
  let scheduled = false;

  const settle = (
    appends: readonly Waiting[],
    { outcomes: results, recordedAt }: AppendedGroup,
  ): void => {
    const stored: StoredEvent[] = [];
    const instant = instantOf(recordedAt);
    let at = 0;
    for (const append of appends) {
      const outcome = numberAt(results, at);
      const revision = numberAt(results, at + 1);
      const position = numberAt(results, at + 2);
      at += outcomeFields;
      const accepted = outcome === outcomes.stored || outcome === outcomes.repeated;
      if (outcome === outcomes.stored) pushStored(stored, append, revision, position, instant);
      if (accepted) append.resolve({ revision, position: positionOf(position) });
      else append.reject(refusalOf(append, outcome, revision));
    }
    if (stored.length > 0) onStored(stored);
  };
  const fail = (reason: Error): void => {
    if (failure !== undefined) return;
    failure = reason;
    for (const appends of [...sent.splice(0), ...groups.splice(0).map(({ appends }) => appends)]) {
      for (const append of appends) append.reject(reason);
    }
    onFailure(reason);
  };
  const sendNext = (): void => {
    const group = groups.shift();
    if (group === undefined) return;
    sent.push(group.appends);
    send(group.items, group.bytes, group.payloads).then(
      (result) => {
        const appends = sent.shift();
        if (appends === undefined) return;
        settle(appends, result);
        pump();
      },
      (reason: Error) => fail(reason),
    );
  };
  const mayGo = (): boolean => {
    const appends = groups[0]?.appends.length ?? 0;
    return sent.length === 0
      ? appends > 0
      : sent.length < groupsInFlight && appends >= worthItsFsync;
  };
  const pump = (): void => {
    while (mayGo()) sendNext();
  };
  const schedule = (): void => {
    if (scheduled || !mayGo()) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      pump();
    });
  };
  const openGroup = (isAlone: boolean): Group => {
    const last = groups.at(-1);
    if (!isAlone && last !== undefined && !isFull(last)) return last;
    const group = newGroup(isAlone);
    groups.push(group);
    return group;
  };
  const enqueue = (append: Waiting): void => {
    const { stream, expected, events } = append;
    checkAppend(stream, events);
    const { fields, units, payloads } = written(events);
    if (units * mostBytesPerUnit > maxAppendBytes) mustFit(stream, fields);
    const isAlone = events.length === 1 && longPayloadOf(payloads) !== undefined;
    const group = openGroup(isAlone);
    group.items.push(stream, codeOfExpected(expected), events.length, ...fields);
    group.appends.push(append);
    group.payloads.push(...payloads);
    group.bytes += units + bytesOfPayloads(payloads);
    if (isFull(group)) pump();
    else schedule();
  };

  return {
    append: (stream, expected, events) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) throw failure;
        enqueue({ stream, expected, events, resolve, reject });
      }),
    flush: () => {
      while (groups.length > 0) sendNext();
    },
    fail,
  };
};
