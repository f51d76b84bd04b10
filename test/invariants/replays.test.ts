import { describe } from 'vitest';
import type { Fact } from '../../src/domain/events.ts';
import { replayedIdOf, replayStream } from '../../src/domain/ids.ts';
import { replayFacts, replayOrder } from '../domain/examples.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds, usual } from './cases.ts';
import { arrive, cancel, of, queue } from './stories.ts';

const id = 'replay-1';
const on = (fact: Fact): Written => ({ stream: replayStream(id), fact });
const [requested, begun, counted, , paused, resumed, completed, cancelled] = replayFacts.map(
  on,
) as [Written, Written, Written, Written, Written, Written, Written, Written];
const advance = (upTo: string): Written =>
  on({ type: 'ReplayAdvanced', data: { replayId: id, upTo, skipped: {}, listed: [] } });
const first = [...usual, arrive('a'), queue('a'), cancel('a')];
const ready = [requested, begun, counted];
const again = replayedIdOf(id, 'a', 't');
const deliver = (invocationId = again): Written =>
  queue('a', { invocationId, replay: { id, repeats: null } });
const over = cancel('a', 0, { invocationId: again });

describe('a replay', () => {
  itAllows(
    [
      ['one that delivers and completes', ...ready, deliver(), over, advance('0004'), completed],
      ['one that is paused', ...ready, paused, deliver(), resumed, advance('0009'), over],
      ['one cancelled while it is counted', requested, begun, cancelled],
      ['what was asked for just before it was cancelled', ...ready, cancelled, deliver(), over],
    ],
    first,
  );
  itFinds(
    [
      [`x of replay ${id} is not ${again}`, ...ready, deliver('x')],
      [`replay ${id}, which is requested`, requested, deliver()],
      [`is of other, replay ${id} of acme`, ...ready, of('other', deliver())],
      [`${id} goes on from 0004 to 0004`, ...ready, advance('0004'), advance('0004')],
      [`${id} goes on to 0010, behind its end ${replayOrder.upTo}`, ...ready, advance('0010')],
      [`${id} is complete, but ${again} has not ended`, ...ready, deliver(), completed, over],
      [`${again} was queued before`, ...ready, deliver(), deliver(), over],
      [`ReplayResumed of ${id}, which is running`, ...ready, resumed],
      [`${id} was never begun`, requested],
    ],
    first,
  );
  itFinds([[`${again} is queued by replay ${id}, which is never requested`, deliver()]], first, [
    { remembers: 'all' },
  ]);
});
