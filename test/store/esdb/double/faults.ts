/** What may happen to one append that reaches the double. */
export type AppendFault =
  /** Nothing is stored, no answer ever comes. */
  | 'hang'
  /** Stored, but no answer ever comes. */
  | 'stored-hang'
  /** The call dies with UNAVAILABLE. */
  | 'killed-before-storing'
  | 'killed-after-storing'
  /** The call dies with CANCELLED, as when the server cancels a long call. */
  | 'cancelled-after-storing'
  /** The server's own write timeout. */
  | 'timeout-after-storing'
  /** Answered as a conflict without a look at the ids, as where the stream has dropped them. */
  | 'ids-forgotten'
  | 'not-leader'
  | 'not-ready'
  | 'access-denied'
  | 'maximum-size'
  | 'event-size';

export type CapabilityFault = 'unavailable' | 'hang' | 'late';

export type ReadFault = 'hang' | 'unavailable' | 'wrong-password' | 'denied';

/** Each list is used up from the front, one entry per call; `delayMs` holds back every append. */
export interface Faults {
  append: AppendFault[];
  capabilities: CapabilityFault[];
  read: ReadFault[];
  delayMs: number;
  /** How far the server's clock is ahead of the client's. */
  clockAheadMs: number;
  batchAppend: boolean;
}

export const noFaults = (): Faults => ({
  append: [],
  capabilities: [],
  read: [],
  delayMs: 0,
  clockAheadMs: 0,
  batchAppend: true,
});

export const storesFirst = (fault: AppendFault): boolean =>
  fault === 'stored-hang' || fault.endsWith('-after-storing');
export const neverAnswers = (fault: AppendFault): boolean =>
  fault === 'hang' || fault === 'stored-hang';
