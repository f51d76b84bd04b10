import type { Checks } from './checks.ts';
import type { Crew } from './crew.ts';
import type { Node } from './node.ts';

/** What a process must not hold any more when there is nothing to do. */
const gauges = [
  'running',
  'open',
  'due',
  'scheduled',
  'replays',
  'underWay',
  'calls',
  'arrivalsKept',
  'backlogs',
  'rememberedTicks',
] as const;

const heldBy = ({ run, name, requests }: Node): readonly string[] => {
  if (run === undefined) return [];
  const stats = run.engine.stats();
  const held = gauges
    .filter((gauge) => (stats[gauge] ?? 0) > 0)
    .map((gauge) => `${name} still has ${gauge}: ${stats[gauge]}`);
  if (requests > 0) held.push(`${name} has ${requests} requests under way`);
  return held;
};

/** What is left to do, in sentences; empty at rest. */
export const leftToDo = (crew: Crew, { book }: Checks): readonly string[] => {
  const open = [...book.views.queue.values()].map(
    ({ invocationId, status }) => `${invocationId} is ${status}`,
  );
  const replays = book
    .replays()
    .filter(({ finishedAt }) => finishedAt === null)
    .map(({ replayId, status }) => `the replay ${replayId} is ${status}`);
  const unsettled = crew.nodes
    .filter(({ state }) => state === 'starting' || state === 'stopping')
    .map(({ name, state }) => `${name} is ${state}`);
  return [...open, ...replays, ...unsettled, ...crew.nodes.flatMap(heldBy)];
};
