import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMailboxes } from '../../src/actors/mailboxes.ts';

it('runs the tasks of a key one at a time and in order, in any interleaving and with failures', async () => {
  const tasks = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), tasks, async (s, plan) => {
      const mailboxes = createMailboxes();
      const running = new Map<string, number>();
      const done: { key: string; nth: number }[] = [];
      const all = plan.map(({ key, fails }, nth) =>
        mailboxes.run(key, async () => {
          expect(running.has(key)).toBe(false);
          running.set(key, nth);
          await s.schedule(Promise.resolve());
          running.delete(key);
          done.push({ key, nth });
          if (fails) throw new Error('as planned');
        }),
      );
      await s.waitFor(Promise.allSettled(all));
      await mailboxes.idle();
      for (const key of ['a', 'b', 'c']) {
        const order = done.filter((task) => task.key === key).map(({ nth }) => nth);
        expect(order).toEqual([...order].sort((x, y) => x - y));
      }
      expect(done).toHaveLength(plan.length);
    }),
  );
});

it('is idle only when nothing runs and nothing waits, also for what is added meanwhile', async () => {
  const mailboxes = createMailboxes();
  const order: string[] = [];
  const first = mailboxes.run('a', async () => {
    void mailboxes.run('b', async () => {
      order.push('b');
    });
    order.push('a');
  });
  await mailboxes.idle();
  order.push('idle');
  await first;
  expect(order).toEqual(['b', 'a', 'idle']);
});

/** A task in the test's hands, and whether it has begun. */
const held = () => {
  const state = { begun: false, end: () => {} };
  const task = () => {
    state.begun = true;
    return new Promise<void>((resolve) => {
      state.end = resolve;
    });
  };
  return { state, task };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets a task that comes while the second one runs wait for it', async () => {
  const mailboxes = createMailboxes();
  const [first, second, third] = [held(), held(), held()];
  const all = [mailboxes.run('a', first.task), mailboxes.run('a', second.task)];
  first.state.end();
  await settled();
  all.push(mailboxes.run('a', third.task));
  await settled();
  expect([second.state.begun, third.state.begun]).toEqual([true, false]);
  second.state.end();
  await settled();
  expect(third.state.begun).toBe(true);
  third.state.end();
  await Promise.all(all);
});

it('is not idle while a task runs, whatever becomes of it', async () => {
  const mailboxes = createMailboxes();
  const { state, task } = held();
  let isIdle = false;
  const failing = mailboxes.run('a', async () => {
    await task();
    throw new Error('as planned');
  });
  const idle = mailboxes.idle().then(() => {
    isIdle = true;
  });
  await settled();
  expect(isIdle).toBe(false);
  state.end();
  await expect(failing).rejects.toThrow('as planned');
  await idle;
});

it('goes on after a task that failed before it had anything to wait for', async () => {
  const mailboxes = createMailboxes();
  const broken = mailboxes.run('a', () => {
    throw new Error('at once');
  });
  await expect(broken).rejects.toThrow('at once');
  expect(await mailboxes.run('a', async () => 'next')).toBe('next');
});
