import { TriplineError } from '../../src/domain/errors.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { type AppendsDeps, createSentAppends, createSyncedAppends } from './appends.ts';
import { createSubscriptions } from './subscriptions.ts';
import { short } from './trace.ts';

export interface NodeStore extends EventStore {
  /** Ends every subscription, as when the connection is lost. */
  loseConnection(): void;
  /** The process is no more. */
  die(): void;
}

export interface NodeStoreDeps extends AppendsDeps {
  readonly exclusive: boolean;
}

/** The store as one run of a process has it: nothing it asks for happens before its turn. */
export const createNodeStore = (deps: NodeStoreDeps): NodeStore => {
  const { disk, lot, owner, fates, exclusive } = deps;
  const subscriptions = createSubscriptions(deps);

  const read = async <Result>(what: string, task: () => Promise<Result>): Promise<Result> => {
    const label = `${owner} reads ${what}`;
    const fate = await lot.until({ owner, label }, () => fates.ofRead());
    if (fate === 'unavailable')
      throw new TriplineError('store-unavailable', 'simulated: the store is away');
    if (fate === 'answered') return await task();
    // What was read may be overtaken by the time it is heard.
    const found = task();
    found.catch(() => {});
    await lot.until({ owner, label: `${owner} hears of ${what}` }, () => undefined);
    return await found;
  };

  const diskFailed = (): void => {
    const reason = new TriplineError('store-failed', 'simulated: the disk failed');
    const label = `${owner} hears that its disk has failed`;
    lot.park({ owner, label, go: () => subscriptions.dropAll(reason) });
  };

  return {
    ...disk,
    exclusive,
    append: exclusive ? createSyncedAppends(deps, diskFailed) : createSentAppends(deps),
    readStream: (stream, options) => read(short(stream), () => disk.readStream(stream, options)),
    readAll: (options) => read('the log', () => disk.readAll(options)),
    readPayloads: (ranges, maxBytes) => read('payloads', () => disk.readPayloads(ranges, maxBytes)),
    forgetPayloads: (positions) => read('no more of', () => disk.forgetPayloads(positions)),
    subscribeAll: subscriptions.subscribeAll,
    loseConnection: () =>
      subscriptions.dropAll(
        new TriplineError('store-unavailable', 'simulated: the connection is lost'),
      ),
    die: subscriptions.endAll,
  };
};
