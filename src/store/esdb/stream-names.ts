import { type Filter, streamNameFilter } from '@eventstore/db-client';

/** What tells our streams from those of everyone else who uses the same database. */
export interface StreamNames {
  /** A name of ours as the server has it. */
  outer(stream: string): string;
  /** A name of the server's as everything above knows it; undefined: the stream is not ours. */
  inner(outer: string): string | undefined;
  /** Of the server's clock: in nobody's log, whatever the prefixes. */
  readonly clock: string;
  /** For a payload that lies beside the log: in nobody's log either. */
  payload(id: string): string;
  /** Lets the server sort out what is not ours. */
  readonly filter: Filter;
}

/** Between the prefix and the name; no category of ours has it, and neither has a prefix. */
const mark = '.';
/** The server looks through this many events at a time, and tells how far it is every 64 such looks. */
const pace = { maxSearchWindow: 500, checkpointInterval: 64 };

/** Names as they were before there was a prefix: neither the server's own nor anybody's with one. */
const bareName = /^[^$.-][^.-]*(-|$)/;

const bare: StreamNames = {
  clock: 'none~.clock',
  payload: (id) => `none~.payload-${id}`,
  outer: (stream) => stream,
  inner: (outer) => (bareName.test(outer) ? outer : undefined),
  filter: streamNameFilter({ regex: bareName.source, ...pace }),
};

const prefixed = (prefix: string, start = `${prefix}${mark}`): StreamNames => ({
  clock: `${prefix}~.clock`,
  payload: (id) => `${prefix}~.payload-${id}`,
  outer: (stream) => `${start}${stream}`,
  inner: (outer) => (outer.startsWith(start) ? outer.slice(start.length) : undefined),
  filter: streamNameFilter({ prefixes: [start], ...pace }),
});

export const standardPrefix = 'tripline';

/** Prefixes are words, so none of them is the beginning of another one's streams. `none`: no prefix. */
export const streamNamesOf = (prefix: string): StreamNames =>
  prefix === 'none' ? bare : prefixed(prefix);
