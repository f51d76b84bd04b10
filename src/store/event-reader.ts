import type { Position } from '../domain/position.ts';
import type { EventStore } from './event-store.ts';

/** What a second thread needs of the log. */
export interface EventReader
  extends Pick<EventStore, 'readStream' | 'readAll' | 'subscribeAll' | 'readPayloads' | 'close'> {
  /**
   * Up to here the log is durable; subscribers go on to it. Only readers that cannot notice by
   * themselves have it.
   */
  advance?(position: Position): void;
}
