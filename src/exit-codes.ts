import { type ErrorCode, isTriplineError } from './domain/errors.ts';

/** What the process says with its exit code; numbers as in sysexits(3) where one fits. */
export const exitCodes = {
  ok: 0,
  /** The stop took well longer than its grace period, or a second signal came. */
  forced: 1,
  /** The log on disk is damaged; the message names file and position. */
  damaged: 65,
  /** The address or port cannot be listened on. */
  cannotListen: 69,
  /** A bug: an error nobody expected. */
  bug: 70,
  /** The data directory cannot be written by this user. */
  directoryUnusable: 73,
  /** The log cannot be reached or written; starting again verifies it. */
  storeFailed: 74,
  /** Another process owns the data directory. */
  inUse: 75,
  /** The configuration is not valid. */
  configuration: 78,
} as const;

const byError: Partial<Record<ErrorCode, number>> = {
  'invalid-configuration': exitCodes.configuration,
  'data-directory-in-use': exitCodes.inUse,
  'data-directory-unusable': exitCodes.directoryUnusable,
  'cannot-listen': exitCodes.cannotListen,
  'corrupt-store': exitCodes.damaged,
  'corrupt-stream': exitCodes.damaged,
  'store-failed': exitCodes.storeFailed,
  'store-unavailable': exitCodes.storeFailed,
  'disk-full': exitCodes.storeFailed,
};

export const exitCodeOf = (error: unknown): number =>
  (isTriplineError(error) ? byError[error.code] : undefined) ?? exitCodes.bug;
