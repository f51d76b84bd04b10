import { basename } from 'node:path';
import { TriplineError } from '../domain/errors.ts';
import { isFact } from '../domain/events.ts';
import { readRecord } from '../store/fact-store.ts';
import { layoutOf } from '../store/sqlite/copy-log.ts';
import { writeKnownHead } from '../store/sqlite/known-head.ts';
import { logFile } from '../store/sqlite/log-file.ts';
import { verifyStore } from '../store/sqlite/verify-store.ts';

/** A copied log that was read from end to end. */
export interface CheckedCopy {
  readonly events: number;
  readonly hash: string;
  /** Encryption keys that its secrets may be sealed with, by version. */
  readonly keyVersions: readonly number[];
}

/** Reads the log in a directory whole; afterwards the directory also says where it has to end. */
export const checkCopy = (directory: string): CheckedCopy => {
  const { found, current } = layoutOf(logFile(directory));
  if (found !== current) {
    const sentence = `the log has layout ${found}, this release reads ${current}: use the release that wrote it, or start this one on it once`;
    throw new TriplineError('invalid-configuration', sentence);
  }
  const versions = new Set<number>();
  const { events, hash } = verifyStore(directory, (stored) => {
    for (const fact of readRecord(stored))
      if (isFact(fact, 'EncryptionKeyIntroduced')) versions.add(fact.data.version);
  });
  writeKnownHead(directory, { position: events, hash });
  return { events, hash, keyVersions: [...versions].sort((one, other) => one - other) };
};

/** In one line: how much there is, and what stands for all of it. */
export const told = ({ events, hash }: CheckedCopy): string => {
  const counted = `${events} ${events === 1 ? 'event' : 'events'}`;
  return `${counted}, each as it was written${events === 0 ? '' : ` (the chain ends with ${hash})`}`;
};

export const keysOf = ({ keyVersions }: CheckedCopy): string =>
  `encryption ${keyVersions.length === 1 ? 'key' : 'keys'} of version ${keyVersions.join(', ')}`;

export const logName = basename(logFile('.'));
