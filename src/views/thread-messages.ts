import {
  type ErrorCode,
  type ErrorDetail,
  isTriplineError,
  TriplineError,
} from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { CaptureText } from './capture-text.ts';
import type { ViewEngine } from './view-engine.ts';

/** The views as the main thread calls them. */
export interface ThreadViews extends Omit<ViewEngine, 'shared' | 'loadSnapshot' | 'saveSnapshot'> {
  saveSnapshotText(capture: CaptureText): Promise<void>;
}

export type Method = keyof ThreadViews;

/** What the main thread sends. */
export type Request =
  | { readonly kind: 'advance'; readonly position: Position }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly method: Method;
      readonly args: readonly unknown[];
    };

interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly cause: unknown;
}

/** What the thread sends. */
export type Reply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'unopened'; readonly error: SentError }
  | { readonly kind: 'fatal'; readonly error: SentError }
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly call: number; readonly error: SentError }
  | {
      readonly kind: 'log';
      readonly level: keyof Logger;
      readonly fields: object;
      readonly message: string;
    };

/** Errors lose their class between threads; the code is what callers act on. */
export const sentError = (error: unknown): SentError =>
  isTriplineError(error)
    ? {
        code: error.code,
        message: error.message,
        details: error.details,
        cause: error.cause instanceof Error ? String(error.cause) : undefined,
      }
    : {
        code: 'internal',
        message: error instanceof Error ? error.message : String(error),
        details: [],
        cause: error instanceof Error ? error.stack : undefined,
      };

export const receivedError = ({ code, message, details, cause }: SentError): TriplineError =>
  new TriplineError(code, message, { details, cause });
