import { afterEach, describe, expect, it } from 'vitest';
import { createRemoteTarget } from '../../../src/targets/http/remote-target.ts';
import { Interrupter } from '../../../src/targets/interrupter.ts';
import type { Call, CallTarget } from '../../../src/targets/target.ts';
import { itCallsHttp } from './http-calls-contract.ts';
import { httpServer } from './listening.ts';

itCallsHttp('from a thread of its own', (options) =>
  createRemoteTarget(options, (error) => {
    throw error;
  }),
);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const opened = <T extends { close(): Promise<void> }>(thing: T): T => {
  cleanups.push(() => thing.close());
  return thing;
};

const targetWith = (options: object, failures: unknown[] = []): CallTarget =>
  opened(createRemoteTarget({ allowPrivate: true, ...options }, (error) => failures.push(error)));

const to = (url: string, over: Partial<Call> = {}): Call => ({
  url,
  body: '{}',
  headers: {},
  timeoutMs: 10_000,
  ...over,
});

/** Answers with what it was sent, and with nothing at all at `/silent`. */
const echo = async () =>
  opened(
    await httpServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      request.on('end', () => {
        if (request.url !== '/silent') response.end(text);
      });
    }),
  );

/** What was answered, or what kind of failure it was. */
const gistOf = async (calling: ReturnType<CallTarget['call']>): Promise<string> => {
  const outcome = await calling;
  return outcome.ok ? outcome.answer.body.content : outcome.failure.kind;
};

describe('the thread that makes the calls', () => {
  it('gives each of many calls its own outcome', async () => {
    const { url } = await echo();
    const target = targetWith({});
    const bodies = Array.from({ length: 1_000 }, (_, n) => `{"grüße":${n}}`);
    const contents = bodies.map((body) => gistOf(target.call(to(url, { body }))));
    expect(await Promise.all(contents)).toEqual(bodies);
  });

  it('gives up the call that is interrupted and no other', async () => {
    const { url } = await echo();
    const target = targetWith({});
    const interrupters = [new Interrupter(), new Interrupter()];
    const [first, second] = interrupters.map((interrupter) =>
      target.call(to(`${url}silent`, { interrupter, timeoutMs: 500 })),
    );
    interrupters[0]?.interrupt();
    expect(await gistOf(first!)).toBe('shutdown');
    expect(await gistOf(second!)).toBe('timeout');
  });

  it('lets an interruption that comes too late go by', async () => {
    const { url } = await echo();
    const target = targetWith({});
    const interrupter = new Interrupter();
    expect(await gistOf(target.call(to(url, { interrupter })))).toBe('{}');
    interrupter.interrupt();
    expect(await gistOf(target.call(to(url)))).toBe('{}');
  });

  it('fails every call once it has ended by itself, and tells why', async () => {
    const failures: unknown[] = [];
    const target = opened(createRemoteTarget(null as never, (error) => failures.push(error)));
    const calling = target.call(to('http://127.0.0.1:9/'));
    expect(await gistOf(calling)).toBe('internal');
    expect(await gistOf(target.call(to('http://127.0.0.1:9/')))).toBe('internal');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(TypeError);
  });

  it('ends the calls that are under way when it is closed, and is not taken for failed', async () => {
    const server = await httpServer(() => {});
    opened(server);
    const failures: unknown[] = [];
    const target = targetWith({}, failures);
    const calling = target.call(to(server.url));
    await target.close();
    expect(await gistOf(calling)).toMatch(/connection|internal/);
    expect(await gistOf(target.call(to(server.url)))).toBe('internal');
    expect(failures).toEqual([]);
  });
});
