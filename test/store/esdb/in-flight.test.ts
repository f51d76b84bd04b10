import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createInFlight } from '../../../src/store/esdb/in-flight.ts';

/** Work that runs until it is told to end. */
const held = () => {
  const running: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    running,
    work: (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        running.push(name);
        ends.set(name, (error) => {
          running.splice(running.indexOf(name), 1);
          if (error === undefined) resolve(name);
          else reject(error);
        });
      }),
    end: async (name: string, error?: Error) => {
      ends.get(name)?.(error);
      await nextTurn();
    },
  };
};

describe('what is in flight', () => {
  it('is at most as many calls as allowed, in the order asked for', async () => {
    const inFlight = createInFlight({ calls: 2, bytes: 1_000 });
    const { running, work, end } = held();
    const all = ['a', 'b', 'c', 'd'].map((name) => inFlight.run(name, 1, work(name)));
    expect(running).toEqual(['a', 'b']);
    await end('b');
    expect(running).toEqual(['a', 'c']);
    await end('a');
    expect(running).toEqual(['c', 'd']);
    await end('c');
    await end('d');

    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is at most as many bytes as allowed, or one call', async () => {
    const inFlight = createInFlight({ calls: 10, bytes: 100 });
    const { running, work, end } = held();
    const sizes = { a: 60, b: 60, c: 10, huge: 500 };
    const all = Object.entries(sizes).map(([name, bytes]) => inFlight.run(name, bytes, work(name)));
    expect(running).toEqual(['a']);
    await end('a');
    expect(running).toEqual(['b', 'c']);
    await end('b');
    expect(running).toEqual(['c']);
    await end('c');
    expect(running).toEqual(['huge']);
    await end('huge');

    await Promise.all(all);
  });

  it('is one call per stream, also after one that failed', async () => {
    const inFlight = createInFlight({ calls: 10, bytes: 1_000 });
    const { running, work, end } = held();
    const first = inFlight.run('s', 1, work('first')).catch((error: Error) => error.message);
    const second = inFlight.run('s', 1, work('second'));
    const other = inFlight.run('t', 1, work('other'));
    expect(running).toEqual(['first', 'other']);
    await end('first', new Error('refused'));
    expect(running).toEqual(['other', 'second']);
    await end('second');
    await end('other');

    expect(await Promise.all([first, second, other])).toEqual(['refused', 'second', 'other']);
  });

  it('is nothing once it is idle, whatever came in while waiting', async () => {
    const inFlight = createInFlight({ calls: 1, bytes: 1_000 });
    const { work, end, running } = held();
    await inFlight.idle();
    const all = ['a', 'b'].map((name) => inFlight.run(name, 1, work(name)));
    const idle = inFlight.idle();
    await end('a');
    all.push(inFlight.run('c', 1, work('c')));
    await end('b');
    await end('c');
    await idle;

    expect(running).toEqual([]);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
  });
});
