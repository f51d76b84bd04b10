import { describe } from 'vitest';
import { arrivalStream, laneStream } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds, usual } from './cases.ts';
import { arrive, cancel, fail, failure, idOf, lose, queue, start, succeed } from './stories.ts';

const id = idOf('a');
const beginning = [...usual, arrive('a'), queue('a')];
const several = { owners: 'several' } as const;
const lane = laneStream(0);

const take = (instance: string): Written => ({
  stream: lane,
  fact: { type: 'LaneTaken', data: { lane, instance } },
  metadata: { workspace: '$system' },
});
const inLane = (claimedBy: string, attempt = 1): Written => ({
  ...start('a', attempt, { claimedBy }),
  stream: lane,
});
const riding = (claimedBy: string): Written => ({
  ...start('a', 1, { claimedBy }),
  stream: arrivalStream('a'),
});
const handedBack = fail('a', 1, { failure: failure({ kind: 'shutdown', status: null }) });

describe('what is started where a lane may be taken', () => {
  itAllows(
    [
      ['its owner', take('me'), inLane('me'), cancel('a', 1)],
      ['one owner after the other', take('me'), take('you'), inLane('you'), cancel('a', 1)],
      [
        'a start that rides before another takes the lane',
        take('me'),
        riding('me'),
        take('you'),
        succeed('a'),
      ],
      [
        'a void start that is handed back',
        take('me'),
        take('you'),
        riding('me'),
        handedBack,
        inLane('you', 2),
        succeed('a', 2),
      ],
      [
        'a void start of which the lease ran out',
        take('me'),
        take('you'),
        riding('me'),
        lose('a'),
        cancel('a', 1),
      ],
      ['a void start that is cancelled', take('me'), take('you'), riding('me'), cancel('a', 1)],
    ],
    beginning,
    several,
  );
  itFinds(
    [
      [`${id} is started by me, not by you`, take('me'), take('you'), inLane('me'), cancel('a', 1)],
      [
        `${id} has the outcome of a start that was void`,
        take('me'),
        take('you'),
        riding('me'),
        succeed('a'),
      ],
      [
        `${id} has the outcome of a start that was void`,
        take('me'),
        take('you'),
        riding('me'),
        fail('a'),
        cancel('a', 1),
      ],
    ],
    beginning,
    [several],
  );
});
