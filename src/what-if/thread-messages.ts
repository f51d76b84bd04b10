import type { ArrivalRange } from '../views/arrival-source.ts';
import type { sentError } from '../views/thread-messages.ts';
import type { SharedViews } from '../views/views.ts';
import type { JudgedPortion } from './judge.ts';
import type { Supposed } from './scan.ts';

export interface ScanData extends SharedViews {
  readonly range: ArrivalRange;
  readonly supposed: Supposed;
}

/** What the main thread sends: how many arrivals of a sort the next portion is to tell. */
export type Request = { readonly limit: number };

/** What the thread answers, once for each request. */
export type Reply =
  | { readonly kind: 'portion'; readonly portion: JudgedPortion | undefined }
  | { readonly kind: 'failed'; readonly error: ReturnType<typeof sentError> };
