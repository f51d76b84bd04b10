import type { OpenReplay } from '../../../projections/open-replays.ts';
import type { QueueEntry } from '../../../projections/queue.ts';
import type { WithholdEvent } from '../../domain/arrival/decider.ts';
import type { DataOf, FactType, Recorded } from '../../domain/events.ts';
import type { QueueInvocation } from '../../domain/invocation/commands.ts';
import type { BodyAtHand } from '../../domain/payload.ts';
import type { Position } from '../../domain/position.ts';
import type { Documents } from '../../views/hot-views.ts';
import type { RegistryIndex } from '../registry-index.ts';

/** What a reactor may look at: the hot views as of the very event it reacts to. */
export interface ReactorViews {
  readonly registry: RegistryIndex;
  readonly queue: Pick<Documents<QueueEntry>, 'get' | 'values'>;
  readonly openReplays: Pick<Documents<OpenReplay>, 'get'>;
  /** Ids of what the queue has of one trigger, oldest first. */
  openOf(triggerId: string): readonly string[];
  /** Of an arrival, where a trigger asks for it; undefined once it was forgotten. */
  bodyOf(arrival: Recorded<'EventArrived'>): BodyAtHand | undefined;
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
  | {
      readonly type: 'repeat';
      readonly invocationId: string;
      readonly triggerId: string;
      readonly repeats: string;
      readonly original: DataOf<'InvocationRetried'>['repeats'];
    }
  | {
      readonly type: 'cancel';
      readonly invocationId: string;
      readonly reason: string;
      readonly unlessRunning?: true;
    }
  /** Bytes beside the log, by the places of the facts that name them. */
  | { readonly type: 'forget'; readonly places: readonly Position[] }
  /** The same of a stretch of the log. */
  | { readonly type: 'expire'; readonly expired: DataOf<'PayloadsExpired'> }
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
