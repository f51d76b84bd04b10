import type { CallOutcome } from '../../domain/invocation/outcome.ts';
import type { Interrupter } from './interrupter.ts';

export interface Call {
  readonly url: string;
  /** As it is signed and, in UTF-8, sent. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From now to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Gives the call up; its outcome is then a failure of kind `shutdown`. */
  readonly interrupter?: Interrupter | undefined;
}

/** What calls functions of one type. A call always gives an outcome, it never rejects. */
export interface CallTarget {
  call(call: Call): Promise<CallOutcome>;
  close(): Promise<void>;
}
