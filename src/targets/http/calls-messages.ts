import type { CallOutcome } from '../../domain/invocation/outcome.ts';
import type { Call } from '../target.ts';

/** To the thread that makes the calls, in the order in which it was asked. */
export type Order =
  | ({ readonly kind: 'call'; readonly id: string } & Omit<Call, 'interrupter'>)
  | { readonly kind: 'interrupt'; readonly id: string }
  | { readonly kind: 'close' };

/** From it: each call once. */
export interface Ended {
  readonly id: string;
  readonly outcome: CallOutcome;
}
