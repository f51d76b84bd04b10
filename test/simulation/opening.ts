import type { Cast } from './cast.ts';
import * as scene from './scene.ts';

const first = [
  'register function',
  'register function',
  'register trigger',
  'register trigger',
  'register trigger',
  'register trigger',
  'register trigger',
  'register trigger',
];

/** Something to work with, before anything goes wrong. */
export const openScene = async (cast: Cast): Promise<void> => {
  const { world, crew, operators, pace, someone } = cast;
  for (const node of crew.nodes) node.boot();
  await pace.untilQuiet();
  for (const name of first) {
    for (const workspace of scene.workspaces) {
      const { node, run } = someone() ?? {};
      if (node !== undefined && run !== undefined) operators.order(node, run, name, workspace);
    }
    await pace.untilQuiet();
  }
  world.trace.line('chaos');
};
