import type { CallOutcome } from '../domain/invocation/outcome.ts';
import type { LongBody } from '../domain/long-body.ts';
import type { Interrupter } from './interrupter.ts';

export interface Call {
  /** Of the function that is called; `http` where it is not said. */
  readonly type?: string | undefined;
  readonly url: string;
  /** As it is signed and, in UTF-8, sent; the bytes of a long one are the target's from then on. */
  readonly body: string | LongBody;
  readonly headers: Readonly<Record<string, string>>;
  /** From when it leaves to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Gives the call up; its outcome is then a failure of kind `shutdown`. */
  readonly interrupter?: Interrupter | undefined;
}

/** What calls functions of one type. A call always gives an outcome, it never rejects. */
export interface CallTarget {
  call(call: Call): Promise<CallOutcome>;
  close(): Promise<void>;
}

/** What every target is given when the server starts. */
export interface TargetContext {
  /** Loopback and private networks may be called; metadata addresses never. */
  readonly allowPrivate: boolean;
  /** A target that fails as a whole says so: the process must end and start again. */
  readonly onFailed: (error: unknown) => void;
}

/** A way to call functions. */
export interface TargetType {
  /** As a function's `target.type` has it. */
  readonly type: string;
  open(context: TargetContext): CallTarget;
}
