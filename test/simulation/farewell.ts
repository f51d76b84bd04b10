import { systemWorkspace } from '../../src/domain/ids.ts';
import { comeToRest } from './calm.ts';
import type { Cast } from './cast.ts';
import { drained } from './quiet.ts';

/** All processes stop, which at rest takes nobody any time. */
const stopAll = async ({ crew, pace, world }: Cast): Promise<void> => {
  const began = world.time.elapsed;
  for (const node of crew.up) node.stop(5_000);
  await pace.untilQuiet();
  const left = crew.nodes.filter(({ state }) => state !== 'down');
  if (pace.goesOn() && (left.length > 0 || world.time.elapsed > began))
    world.breaks(...left.map(({ name }) => `${name} has nothing to do and does not stop`));
};

/** Nothing is owed any more: a process that starts again has nothing to say but that it is there. */
const startOver = async (cast: Cast): Promise<void> => {
  const { crew, log, pace, world } = cast;
  const node = crew.nodes.find(({ goneForGood }) => !goneForGood);
  const before = log.length;
  for (const other of crew.nodes) other.goneForGood ||= other !== node;
  await comeToRest(cast);
  const said = log.slice(before).find(({ metadata }) => metadata.workspace !== systemWorkspace);
  if (pace.goesOn() && said !== undefined)
    world.breaks(`at rest, a new start records ${said.type}`);
};

/** Everybody leaves in order, and one comes back. */
export const sayFarewell = async (cast: Cast): Promise<void> => {
  const { crew, pace, world } = cast;
  let idle = 0;
  for (const { run } of crew.up) void run?.actors.idle().then(() => (idle += 1));
  await drained();
  if (idle < crew.up.length) world.breaks('at rest, somebody is still asked something');
  await stopAll(cast);
  for (const { name, saved } of crew.nodes) cast.checks.views.saved(name, saved);
  if (pace.goesOn()) await startOver(cast);
};
