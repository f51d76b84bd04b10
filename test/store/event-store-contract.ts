import { afterAll, beforeAll, describe } from 'vitest';
import type { EventStore } from '../../src/store/event-store.ts';
import { appends } from './contract/appends.ts';
import { deletion } from './contract/deletion.ts';
import { expectedRevision } from './contract/expected-revision.ts';
import { payloads } from './contract/payloads.ts';
import { reads } from './contract/reads.ts';
import { repeats } from './contract/repeats.ts';
import { subscriptions } from './contract/subscriptions.ts';

export interface OpenedStore {
  readonly store: EventStore;
  /** What is left to clean up once the store is closed. */
  readonly dispose?: () => Promise<void>;
}

export interface ContractOptions {
  /** Why this store cannot be asked here; the report then shows its tests as skipped. */
  readonly skipped?: string | undefined;
  /** Whether short payloads ride in their records, where nothing can be forgotten. */
  readonly shortOnesRide?: boolean;
}

/**
 * What every event store promises, one store for all tests. It may hold other data and other
 * writers may be at work on it: the tests use streams of their own.
 */
export const itIsAnEventStore = (
  name: string,
  open: () => Promise<OpenedStore>,
  options: ContractOptions = {},
): void => {
  const { skipped } = options;
  const title = skipped === undefined ? name : `${name} (not run: ${skipped})`;
  describe.skipIf(skipped !== undefined)(`${title} is an event store`, () => {
    let opened: OpenedStore | undefined;
    const store = (): EventStore => {
      if (opened === undefined) throw new Error('the store is not open yet');
      return opened.store;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.store.close();
      await opened?.dispose?.();
    });

    expectedRevision(store);
    repeats(store);
    appends(store);
    reads(store);
    payloads(store, options);
    subscriptions(store);
    deletion(store);
  });
};
