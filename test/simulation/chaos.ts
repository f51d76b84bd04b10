import type { Cast } from './cast.ts';

type Act = 'fault' | 'time' | 'command' | 'delivery' | 'go';

const drawAct = ({ dice, options }: Cast['world']): Act => {
  const { rates } = options;
  const others = rates.fault + rates.time + rates.command + rates.delivery;
  return dice.weighted({ ...rates, go: Math.max(0, 1 - others) });
};

const act = (cast: Cast): void => {
  const { world, driver, trouble, operators, senders, pace } = cast;
  const someone = cast.someone();
  const what = drawAct(world);
  if (what === 'fault') trouble.strike(pace.step);
  else if (what === 'time') driver.someTime();
  else if (what === 'command' && someone) operators.operate(someone.node, someone.run);
  else if (what === 'delivery' && someone) senders.send(someone.node, someone.run);
  else if (!driver.go(pace.step)) driver.someTime();
};

const chances = { start: 0.1, look: 0.01 };

/** Whoever is down comes back some time; now and then somebody looks into what processes hold. */
const tend = ({ world, crew, checks }: Cast): void => {
  const { dice } = world;
  for (const node of crew.nodes)
    if (node.state === 'down' && !node.goneForGood && dice.happens(chances.start)) node.boot();
  if (!dice.happens(chances.look)) return;
  for (const { run } of crew.up) if (run) checks.views.held(run);
};

/** Anything may happen, and much goes wrong. */
export const makeChaos = async (cast: Cast): Promise<void> => {
  const { world, trouble, pace } = cast;
  const { dice, options, time, conditions } = world;
  conditions.calm = false;
  for (let left = options.steps; left > 0 && pace.goesOn(); left -= 1) {
    act(cast);
    trouble.ease();
    tend(cast);
    time.pass(dice.below(3));
    await pace.tick();
  }
};
