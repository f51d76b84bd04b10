import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createChecks } from './checks.ts';
import { createCrew } from './crew.ts';
import { createDriver } from './driver.ts';
import type { Node } from './node.ts';
import { createOperators } from './operators.ts';
import { createPace } from './quiet.ts';
import type { Run } from './run.ts';
import { createSenders } from './senders.ts';
import { countFaults } from './sometimes.ts';
import { createTrouble } from './trouble.ts';
import { createWorld } from './world.ts';

/** Everybody in a history. */
export const createCast = (seed: number, until: number, keep: number) => {
  const world = createWorld(seed, keep);
  const checks = createChecks(world);
  const crew = createCrew(world, checks);
  const driver = createDriver(world, crew);
  countFaults(world, crew, checks);
  return {
    world,
    checks,
    crew,
    driver,
    trouble: createTrouble(world, crew),
    operators: createOperators(world, checks.book, {
      onForgotten: checks.payloads.forgotten,
      onLate: checks.late.asked,
    }),
    senders: createSenders({
      world,
      onSent: checks.promises.sent,
      onAsked: checks.promises.asked,
      onAnswered: checks.promises.answered,
    }),
    pace: createPace(world, driver, until),
    /** A process that takes requests. */
    someone(): { readonly node: Node; readonly run: Run } | undefined {
      const { up } = crew;
      if (up.length === 0) return undefined;
      const node = world.dice.pick(up);
      return node.run && { node, run: node.run };
    },
    get log(): readonly StoredEvent[] {
      return world.disk.log;
    },
  };
};

export type Cast = ReturnType<typeof createCast>;
