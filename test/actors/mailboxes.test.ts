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
