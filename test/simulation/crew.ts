import type { Checks } from './checks.ts';
import { createNode, type Node } from './node.ts';
import type { World } from './world.ts';

/** What may be logged as an error without being one: somebody was refused, or a store was away. */
const harmless: ReadonlySet<string> = new Set([
  'command refused',
  'attempt could not be made',
  'ticks could not be recorded',
]);

/** To fold the log anew each time would take longer than all the rest. */
const everySoMany = 4;

/** All processes of a history. */
export interface Crew {
  readonly nodes: readonly Node[];
  readonly up: readonly Node[];
  isHeldUp(owner: string, step: number): boolean;
}

export const createCrew = (world: World, checks: Checks): Crew => {
  const { options, counters, breaks } = world;
  let saves = 0;
  const nodes: Node[] = options.skewsMs.map((skewMs, at) => {
    const name = `n${at + 1}`;
    const node: Node = createNode(world, name, skewMs, {
      onSaved: (_, views) => {
        saves += 1;
        if (saves % everySoMany === 0) checks.views.saved(name, views);
      },
      onCall: (call, ownerId) => {
        if (node.run !== undefined) checks.calls.call(node.run, call, ownerId);
      },
      onError: (message, fields) => {
        counters.count(`error ${message}`);
        if (harmless.has(message)) return;
        const { err } = fields as { readonly err?: Error };
        breaks(`${name} logs: ${message}: ${err?.stack ?? ''}`);
      },
    });
    return node;
  });
  return {
    nodes,
    get up() {
      return nodes.filter(({ state }) => state === 'up');
    },
    isHeldUp: (owner, step) =>
      nodes.some(({ run, stalledUntil }) => run?.owner === owner && stalledUntil > step),
  };
};
