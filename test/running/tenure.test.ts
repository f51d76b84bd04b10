import { expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import { createTenure } from '../../src/running/tenure.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { createManualClock } from '../log/manual-clock.ts';

it('takes a lane of its own up once, however often the log was read to its end meanwhile', async () => {
  const answers: (() => void)[] = [];
  const readStream: EventStore['readStream'] = () =>
    new Promise((resolve) => {
      answers.push(() => resolve([]));
    });
  const taken: unknown[] = [];
  const tenure = createTenure({
    store: { exclusive: true, readStream } as unknown as EventStore,
    stream: 'lane-0',
    ownerId: 'me',
    clock: createManualClock().clock,
    newId: () => 'id',
    log: silentLogger,
    position: () => beginning,
    onTaken: (revision) => taken.push(revision),
    onLost: () => expect.unreachable(),
  });
  const both = [tenure.caughtUp(), tenure.caughtUp()];
  for (const answer of answers) answer();
  await Promise.all(both);
  await tenure.caughtUp();
  expect(taken).toEqual(['no_stream']);
});
