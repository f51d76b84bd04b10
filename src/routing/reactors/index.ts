import { cancelAsked } from './cancel-asked.ts';
import { cancelOrphans } from './cancel-orphans.ts';
import { cancelPrevious } from './cancel-previous.ts';
import { cancelReplayed } from './cancel-replayed.ts';
import { expirePayloads } from './expire-payloads.ts';
import { forgetPayloads } from './forget-payloads.ts';
import type { Reactor } from './reactor.ts';
import { repeatInvocations } from './repeat-invocations.ts';
import { routeArrivals } from './route-arrivals.ts';
import { suspendGone } from './suspend-gone.ts';

/** Every reaction to what is recorded; a reactor that is not listed here does not exist. */
export const reactors: readonly Reactor[] = [
  routeArrivals,
  suspendGone,
  repeatInvocations,
  cancelAsked,
  cancelOrphans,
  cancelPrevious,
  cancelReplayed,
  forgetPayloads,
  expirePayloads,
];
