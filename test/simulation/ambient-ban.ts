const { now } = Date;
const { random } = Math;
const { setTimeout, setInterval, setImmediate } = globalThis;
const elapsed = performance.now;

/** The platform's own turn, for whoever drives. */
export const platformTurn = (task: () => void): void => void setImmediate(task);

const refuse = (name: string) => (): never => {
  throw new Error(`${name} was used within a history: nobody can have that history again`);
};

/** While the answer has not been called, nobody gets at time, timers or chance but through ports. */
export const banAmbient = (): (() => void) => {
  Object.assign(Date, { now: refuse('Date.now') });
  Object.assign(Math, { random: refuse('Math.random') });
  Object.assign(performance, { now: refuse('performance.now') });
  Object.assign(globalThis, {
    setTimeout: refuse('setTimeout'),
    setInterval: refuse('setInterval'),
    setImmediate: refuse('setImmediate'),
  });
  return () => {
    Object.assign(Date, { now });
    Object.assign(Math, { random });
    Object.assign(performance, { now: elapsed });
    Object.assign(globalThis, { setTimeout, setInterval, setImmediate });
  };
};
