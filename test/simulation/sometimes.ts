import type { Checks } from './checks.ts';
import type { Crew } from './crew.ts';
import { faultKinds, targetFates } from './options.ts';
import type { World } from './world.ts';

/** In what state of affairs a fault is worth trying. */
export const states = [
  'request under way',
  'call running',
  'retry waiting',
  'backlog',
  'starting',
  'stopping',
] as const;
type State = (typeof states)[number];

/** Counts each fault in each state of affairs that it meets. */
export const countFaults = (world: World, crew: Crew, { book }: Checks): void => {
  const { counters } = world;
  const holds: Readonly<Record<State, () => boolean>> = {
    'request under way': () => crew.nodes.some(({ requests }) => requests > 0),
    'call running': () => crew.nodes.some(({ run }) => (run?.target.running ?? 0) > 0),
    'retry waiting': () => book.has('waiting'),
    backlog: () => book.has('queued'),
    starting: () => crew.nodes.some(({ state }) => state === 'starting'),
    stopping: () => crew.nodes.some(({ state }) => state === 'stopping'),
  };
  world.onFault((fault) => {
    counters.count(fault);
    for (const state of states) if (holds[state]()) counters.count(`${fault} × ${state}`);
  });
};

/** A disk of ours fails where there is one process alone, and that records nothing before it is up. */
const impossible = 'append-failed × starting';

/** What a campaign must have seen; where one of these stays at zero it has not tried enough. */
export const mustBeSeen: readonly string[] = [
  ...faultKinds
    .flatMap((fault) => states.map((state) => `${fault} × ${state}`))
    .filter((name) => name !== impossible),
  ...targetFates.map((fate) => `target ${fate}`),
  ...[202, 401, 404, 409, 503].map((status) => `webhook answered ${status}`),
  'event answered 202',
  'message answered 202',
  'record answered 202',
  'execute answered 200',
  'process ended itself',
  'stopped in order',
  'stop forced',
  'replay ordered',
  'redrive ordered',
  'delivered again',
  'replay paused',
  'replay cancelled',
  'replay continued after a crash',
  'trigger created late',
  'past given to a late trigger',
  'filtered out',
  'live held behind a catch-up',
  'live let go after a catch-up',
  'catch-up continued after a crash',
];
