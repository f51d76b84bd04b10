import { describe } from 'vitest';
import type { Fact } from '../../src/domain/events.ts';
import { replayedIdOf, replayStream } from '../../src/domain/ids.ts';
import { catchUpOrder } from '../../src/domain/replay/catch-up.ts';
import type { ReplayOrder } from '../../src/domain/replay/order.ts';
import { positionOf, type Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, arrive, aTrigger, cancel, from, queue, start } from './stories.ts';

const id = 'replay-1';
const on = (fact: Fact): Written => ({ stream: replayStream(id), fact });
const executionType = 'message';
const startFrom = { after: '', replayId: id };
const order = catchUpOrder({ triggerId: 't', executionType, startFrom }, positionOf(3));
const request = (changes: Partial<ReplayOrder> = {}): Written =>
  on({ type: 'ReplayRequested', data: { replayId: id, order: { ...order, ...changes } } });
const counted = [
  on({ type: 'ReplayCountBegun', data: { replayId: id } }),
  on({ type: 'ReplayCounted', data: { replayId: id, arrivals: 1, planned: 1, skipped: {} } }),
];
const over = on({ type: 'ReplayCompleted', data: { replayId: id } });
const message = from('message', 'x');
const first = [
  aFunction(),
  arrive('past', message),
  aTrigger('t', { executionType, triggerMetadata: { topic: 'x' }, startFrom }),
];
const invocationId = replayedIdOf(id, 'past', 't');
const given = [
  queue('past', { invocationId, replay: { id, repeats: null } }),
  start('past', 1, { invocationId }),
  cancel('past', 1, { invocationId }),
];
const live = [arrive('a', message), queue('a')];
const goes = [start('a'), cancel('a', 1)];

describe('a trigger that starts from the past', () => {
  itAllows(
    [
      ['its past first', request(), ...live, ...counted, ...given, over, ...goes],
      ['nothing yet of what came since', request(), ...counted, ...live, cancel('a'), over],
    ],
    first,
  );
  itFinds(
    [
      [`started before ${id}, which t begins with`, request(), ...live, ...goes],
      [`t is to begin with ${id}, which nobody asked for`],
      [`${id} is of 0001 to`, request({ after: '0001' })],
      [`${id} is for t,u, not for t alone`, request({ only: { triggers: ['t', 'u'] } })],
      [`${id} is not what a trigger starts with`, request({ mode: 'only-missing' })],
    ],
    first,
  );
});

describe('an arrival that was decided on before a late trigger came in', () => {
  const between = arrive('a', { ...message, decidedAt: positionOf(1) });
  itAllows(
    [['what is live from there on', request(), ...counted, between, queue('a'), cancel('a'), over]],
    first,
  );
  itFinds([['a', request(), ...counted, between, over]], first);
});
