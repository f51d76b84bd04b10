import type { Cast } from './cast.ts';
import { leftToDo } from './rest.ts';

/** In the calm everything must come to rest within this, by the time that passes. */
const patienceMs = 900_000;
const patienceSteps = 20_000;
/** So long schedules go on in the calm: more than the longest interval, and a second look. */
const watchMs = 80_000;

const untilAllAreUp = async ({ world, crew, pace, driver }: Cast): Promise<void> => {
  const wanted = crew.nodes.filter(({ goneForGood }) => !goneForGood);
  const isDown = (): boolean => wanted.some(({ state }) => state === 'down');
  const late = () => wanted.filter(({ state }) => state !== 'up');
  const deadline = world.time.elapsed + patienceMs;
  while (pace.goesOn() && late().length > 0) {
    for (const node of wanted) if (node.state === 'down') node.boot();
    await pace.untilQuiet();
    const goesOn = isDown() || (driver.toNextAlarm() && world.time.elapsed <= deadline);
    if (!goesOn) world.breaks(...late().map(({ name, state }) => `${name} is ${state} for good`));
  }
};

const resume = (cast: Cast): void => {
  const { node, run } = cast.someone() ?? {};
  if (node !== undefined && run !== undefined) cast.operators.resumeAll(node, run);
};

const endSchedules = (cast: Cast): void => {
  const { node, run } = cast.someone() ?? {};
  if (node !== undefined && run !== undefined) cast.operators.endSchedules(node, run);
};

/** Intervals must not stand still, wherever the clock has been set before. */
const watchSchedules = async (cast: Cast): Promise<void> => {
  const { checks, crew, driver, world, pace } = cast;
  resume(cast);
  await pace.untilQuiet();
  await untilAllAreUp(cast);
  const runs = crew.nodes.map(({ run }) => run);
  const accounts = checks.book.intervals();
  const until = world.time.elapsed + watchMs;
  while (pace.goesOn() && world.time.elapsed < until && driver.toNextAlarm())
    await pace.untilQuiet();
  const sameRuns = crew.nodes.every(({ run }, at) => run === runs[at]);
  if (!pace.goesOn() || !sameRuns || world.time.elapsed < until) return;
  const later = checks.book.intervals();
  for (const [triggerId, before] of accounts)
    if (later.get(triggerId) === before)
      world.breaks(`${triggerId} ticks by interval, and has stood still for ${watchMs} ms`);
};

/** Until nothing is left to do; what is left when patience ends is told. */
export const comeToRest = async (cast: Cast): Promise<void> => {
  const { world, crew, checks, driver, pace } = cast;
  const deadline = world.time.elapsed + patienceMs;
  const lastStep = pace.step + patienceSteps;
  while (pace.goesOn()) {
    await untilAllAreUp(cast);
    await pace.untilQuiet();
    resume(cast);
    endSchedules(cast);
    await pace.untilQuiet();
    const left = leftToDo(crew, checks);
    if (left.length === 0 || !pace.goesOn()) return;
    const isOver = world.time.elapsed > deadline || pace.step > lastStep;
    if (isOver || !driver.toNextAlarm())
      world.breaks(...left.map((sentence) => `nothing moves any more, but ${sentence}`));
  }
};

/** Trouble ends, and everything must be finished. */
export const letItRest = async (cast: Cast): Promise<void> => {
  const { world, trouble, pace, crew, checks } = cast;
  world.trace.line('calm');
  trouble.end();
  await untilAllAreUp(cast);
  await watchSchedules(cast);
  await comeToRest(cast);
  if (!pace.goesOn()) return;
  for (const { run } of crew.up) if (run) checks.views.held(run);
  await checks.atRest();
};
