import type { QueueEntry } from '../../projections/queue.ts';
import type { RegistryIndex } from '../dispatch/registry-index.ts';
import type { WithholdEvent } from '../domain/arrival/decider.ts';
import type { FactType, Recorded } from '../domain/events.ts';
import type { QueueInvocation } from '../domain/invocation/commands.ts';
import type { Documents } from '../subscriptions/hot-views.ts';

/** What a reactor may look at: the hot views as of the very event it reacts to. */
export interface ReactorViews {
  readonly registry: RegistryIndex;
  readonly queue: Pick<Documents<QueueEntry>, 'get'>;
  /** Ids of what the queue has of one trigger, oldest first. */
  openOf(triggerId: string): readonly string[];
}

/** What is to be done about an event. Doing it twice must do no more than doing it once. */
export type Reaction =
  | { readonly type: 'queue'; readonly invocationId: string; readonly command: QueueInvocation }
  | {
      readonly type: 'withhold';
      readonly arrivalId: string;
      readonly command: WithholdEvent;
    }
  /** The invocation that an operator wants repeated says itself what that takes. */
  | { readonly type: 'repeat'; readonly invocationId: string; readonly repeats: string }
  | { readonly type: 'cancel'; readonly invocationId: string; readonly reason: string }
  | {
      readonly type: 'suspend';
      readonly triggerId: string;
      readonly invocationId: string;
      readonly reason: string;
    };

/**
 * "Whenever X is recorded, do Y": pure, so that replaying the log gives the same reactions. Dispatch
 * carries them out, at least once.
 */
export interface Reactor {
  readonly name: string;
  readonly on: {
    readonly [T in FactType]?: (event: Recorded<T>, views: ReactorViews) => readonly Reaction[];
  };
}

export const defineReactor = (reactor: Reactor): Reactor => reactor;
