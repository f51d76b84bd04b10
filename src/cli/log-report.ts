import { existsSync } from 'node:fs';
import { TriplineError } from '../domain/errors.ts';
import { isKnown } from '../domain/events.ts';
import { createInvariants } from '../invariants/invariants.ts';
import { readRecord } from '../store/fact-store.ts';
import { logFile } from '../store/sqlite/log-file.ts';
import { isOwned } from '../store/sqlite/owner-lock.ts';
import { type PayloadAt, verifyStore } from '../store/sqlite/verify-store.ts';

/** What a whole log says for itself. */
export interface LogReport {
  readonly events: number;
  readonly hash: string;
  /** How many of each type there are. */
  readonly types: ReadonlyMap<string, number>;
  /** Events of types that this release does not know. */
  readonly unknown: number;
  /** How many promises the log breaks, and the first of them. */
  readonly broken: number;
  readonly first: readonly string[];
  /** What is under way where the log ends: owed, and not broken as long as somebody goes on. */
  readonly underWay: readonly string[];
}

export interface ReportOptions {
  /** All work is done: what is owed counts as broken. */
  readonly settled?: boolean;
}

const mostTold = 20;

const mustBeAtHand = (dataDir: string): void => {
  if (!existsSync(logFile(dataDir))) {
    throw new TriplineError('invalid-configuration', `there is no log in ${dataDir}`);
  }
  if (!isOwned(dataDir)) return;
  const sentence = `a server is running on ${dataDir}; stop it, or verify a backup`;
  throw new TriplineError('data-directory-in-use', sentence);
};

/** Goes through the log of a data directory once, event by event, in memory that does not grow with it. */
export const reportOn = (dataDir: string, { settled = false }: ReportOptions = {}): LogReport => {
  mustBeAtHand(dataDir);
  let payloadAt: PayloadAt = () => undefined;
  const { take, atRest } = createInvariants({
    remembers: 'open',
    bodyAt: (place) => payloadAt(place),
  });
  const types = new Map<string, number>();
  const first: string[] = [];
  let broken = 0;
  let unknown = 0;
  const note = (sentences: readonly string[]): void => {
    broken += sentences.length;
    if (first.length < mostTold) first.push(...sentences.slice(0, mostTold - first.length));
  };
  const { events, hash } = verifyStore(dataDir, (stored, bytesAt) => {
    payloadAt = bytesAt;
    for (const fact of readRecord(stored)) {
      types.set(fact.type, (types.get(fact.type) ?? 0) + 1);
      if (!isKnown(fact)) unknown += 1;
      note(take(fact));
    }
  });
  const owed = atRest();
  if (settled) note(owed);
  return { events, hash, types, unknown, broken, first, underWay: settled ? [] : owed };
};
