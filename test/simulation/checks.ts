import { createCallCheck } from './call-check.ts';
import { createFactBook } from './fact-book.ts';
import { createJudge } from './judge.ts';
import { createLateCheck } from './late-check.ts';
import { createPayloadCheck } from './payload-check.ts';
import { createPromiseCheck } from './promise-check.ts';
import { createReplayCheck } from './replay-check.ts';
import { createRoutingCheck } from './routing-check.ts';
import { short } from './trace.ts';
import { createViewCheck } from './view-check.ts';
import type { World } from './world.ts';

/** Everybody who checks, told of every fact as soon as it is on disk. */
export const createChecks = (world: World) => {
  const { breaks, trace, disk } = world;
  const book = createFactBook();
  const promises = createPromiseCheck(breaks, disk.textOf);
  const routing = createRoutingCheck(book.views, world);
  const replays = createReplayCheck(book.views, world);
  const late = createLateCheck(world);
  const calls = createCallCheck(book.views, promises, world);
  const payloads = createPayloadCheck(disk.store, breaks);
  const judge = createJudge(world.options.nodes);

  world.onFact((fact) => {
    trace.line(`  @${fact.position.replace(/^0+/, '')} ${fact.type} ${short(fact.stream)}`);
    book.take(fact);
    promises.take(fact);
    routing.take(fact);
    replays.take(fact);
    late.take(fact);
    calls.take(fact);
    payloads.take(fact);
    breaks(...judge.take(fact));
  });

  return {
    book,
    promises,
    late,
    calls,
    payloads,
    views: createViewCheck(disk.log, breaks),
    async atRest(): Promise<void> {
      await payloads.atRest();
      promises.atRest(routing.filteredOut);
      routing.atRest();
      replays.atRest();
      late.atRest();
      breaks(...judge.atRest());
    },
  };
};

export type Checks = ReturnType<typeof createChecks>;
