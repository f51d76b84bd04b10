import type { AppendBatch } from './append-batch.ts';
import type { SqliteEngine } from './engine.ts';
import type { WireError } from './wire-error.ts';

export type Call = Exclude<keyof SqliteEngine, 'head' | 'append' | 'take' | `when${string}`>;

/** Each request gets one reply, in the order of the requests. */
export type Request =
  | {
      readonly batch: AppendBatch;
      readonly bytes: number;
      readonly payloads: Uint8Array | undefined;
    }
  /** Of the only payload of the only append of the batch that follows. */
  | { readonly piece: Uint8Array }
  | { readonly call: Call; readonly args: readonly unknown[] };

export type Reply = { readonly value: unknown } | { readonly error: WireError };

export interface Opened {
  readonly head: number;
}

export interface AppendedGroup {
  /** Three numbers for each append, see `append-batch.ts`. */
  readonly outcomes: readonly number[];
  readonly recordedAt: number;
}
