import { TriplineError } from '../../src/domain/errors.ts';
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  NewEvent,
} from '../../src/store/event-store.ts';
import { WrongExpectedRevision } from '../../src/store/wrong-expected-revision.ts';
import type { ParkingLot } from './parking-lot.ts';
import type { AppendFate, StoreFates } from './store-fates.ts';
import { short } from './trace.ts';

interface Asked {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly label: string;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

export interface AppendsDeps {
  readonly disk: EventStore;
  readonly lot: ParkingLot;
  readonly owner: string;
  readonly fates: StoreFates;
  readonly note: (line: string) => void;
}

const refusals: Readonly<Record<Exclude<AppendFate, 'stored' | 'conflict'>, () => Error>> = {
  unavailable: () => new TriplineError('store-unavailable', 'simulated: the store is away'),
  full: () => new TriplineError('disk-full', 'simulated: the disk is full'),
  'unknown-stored': () => new TriplineError('outcome-unknown', 'simulated: no answer'),
  'unknown-lost': () => new TriplineError('outcome-unknown', 'simulated: no answer'),
  'unknown-late': () => new TriplineError('outcome-unknown', 'simulated: no answer yet'),
  'failed-stored': () => new TriplineError('store-failed', 'simulated: the disk failed'),
  'failed-lost': () => new TriplineError('store-failed', 'simulated: the disk failed'),
};

const asked = (
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
  resolve: Asked['resolve'],
  reject: Asked['reject'],
): Asked => {
  const types = events.map(({ type }) => type).join('+');
  const label = `${short(stream)}@${expected} ${types}`;
  return { stream, expected, events, label, resolve, reject };
};

/** Carries out one append, and parks its answer: it may come late, or after others. */
const createCarrier = ({ disk, lot, owner, note }: AppendsDeps, line?: string) => {
  const store = ({ stream, expected, events }: Asked) => disk.append(stream, expected, events);

  const answer = ({ label }: Asked, what: string, go: () => void): void =>
    lot.park({ owner, line, label: `${owner} hears ${what}: ${label}`, go });

  const storeAndAnswer = (one: Asked): void => {
    store(one).then(
      (appended) => answer(one, `@${appended.revision}`, () => one.resolve(appended)),
      (error) => answer(one, String(error.code), () => one.reject(error)),
    );
  };

  return (one: Asked, fate: AppendFate): void => {
    note(`  ${fate}: ${one.label}`);
    if (fate === 'stored') {
      storeAndAnswer(one);
      return;
    }
    const error =
      fate === 'conflict'
        ? new WrongExpectedRevision(one.stream, one.expected, 'no_stream')
        : refusals[fate]();
    if (fate.endsWith('-stored')) void store(one).catch(() => {});
    if (fate === 'unknown-late')
      lot.park({
        owner: 'network',
        label: `late: ${one.label}`,
        go: () => void store(one).catch(() => {}),
      });
    answer(one, fate, () => one.reject(error));
  };
};

/**
 * One process writes: what waits together is synced together, in order; a crash loses it all. Once
 * the disk has failed, nothing is stored any more.
 */
export const createSyncedAppends = (
  deps: AppendsDeps,
  onDiskFailed: () => void,
): EventStore['append'] => {
  const { lot, owner, fates } = deps;
  let diskFailed = false;
  const carry = createCarrier(deps, `${owner}/answers`);
  const waiting: Asked[] = [];

  const sync = (): void => {
    const group = waiting.splice(0, fates.together(waiting.length));
    if (waiting.length > 0) parkSync();
    for (const one of group) {
      const fate = diskFailed ? 'failed-lost' : fates.ofAppend();
      carry(one, fate);
      if (diskFailed || !fate.startsWith('failed')) continue;
      diskFailed = true;
      onDiskFailed();
    }
  };
  const parkSync = (): void => lot.park({ owner, label: `${owner} syncs`, go: sync });

  return (stream, expected, events) =>
    new Promise((resolve, reject) => {
      waiting.push(asked(stream, expected, events, resolve, reject));
      if (waiting.length === 1) parkSync();
    });
};

/** Several processes write over a network: each append goes its own way, and outlives its sender. */
export const createSentAppends = (deps: AppendsDeps): EventStore['append'] => {
  const { lot, owner, fates } = deps;
  const carry = createCarrier(deps);
  return (stream, expected, events) =>
    new Promise((resolve, reject) => {
      const one = asked(stream, expected, events, resolve, reject);
      const label = `${owner} sends ${one.label}`;
      lot.park({ owner: 'network', label, go: () => carry(one, fates.ofAppend()) });
    });
};
