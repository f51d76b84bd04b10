import { expect, it } from 'vitest';
import { beginning } from '../../src/domain/position.ts';
import { createWaitingRoom } from '../../src/log/waiting-room.ts';
import { positionOf } from '../views/history.ts';

/** Who has been let through, turned away, or still waits. */
const watch = (waits: Readonly<Record<string, Promise<void>>>) => {
  const seen: Record<string, string> = {};
  for (const [name, wait] of Object.entries(waits)) {
    seen[name] = 'waits';
    void wait.then(
      () => {
        seen[name] = 'through';
      },
      (error: Error) => {
        seen[name] = error.message;
      },
    );
  }
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return seen;
  };
};

it('lets each through as soon as its position has been passed, and no sooner', async () => {
  const room = createWaitingRoom();
  expect(room.position).toBe(beginning);
  const seen = watch({
    first: room.reached(positionOf(1)),
    second: room.reached(positionOf(2)),
    third: room.reached(positionOf(3)),
  });
  expect(await seen()).toEqual({ first: 'waits', second: 'waits', third: 'waits' });
  room.passed(positionOf(2));
  expect(room.position).toBe(positionOf(2));
  expect(await seen()).toEqual({ first: 'through', second: 'through', third: 'waits' });
  room.passed(positionOf(4));
  expect(await seen()).toEqual({ first: 'through', second: 'through', third: 'through' });
});

it('keeps nobody who wants what is passed', async () => {
  const room = createWaitingRoom();
  room.passed(positionOf(2));
  const seen = watch({
    nothing: room.reached(beginning),
    before: room.reached(positionOf(1)),
    there: room.reached(positionOf(2)),
    later: room.reached(positionOf(3)),
  });
  expect(await seen()).toEqual({
    nothing: 'through',
    before: 'through',
    there: 'through',
    later: 'waits',
  });
});

it('turns away who waits, and who comes later, once nothing will pass any more', async () => {
  const room = createWaitingRoom();
  room.passed(positionOf(1));
  const early = watch({ waiting: room.reached(positionOf(2)) });
  room.close(new Error('over'));
  expect(await early()).toEqual({ waiting: 'over' });
  const late = watch({ late: room.reached(positionOf(2)), there: room.reached(positionOf(1)) });
  expect(await late()).toEqual({ late: 'over', there: 'through' });
  room.passed(positionOf(2));
  expect(await early()).toEqual({ waiting: 'over' });
});

it('may be closed while nobody waits, and once more', async () => {
  const room = createWaitingRoom();
  room.close(new Error('over'));
  room.close(new Error('over'));
  await expect(room.reached(positionOf(1))).rejects.toThrow('over');
});
