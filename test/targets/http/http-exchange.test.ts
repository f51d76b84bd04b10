import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallOutcome } from '../../../src/domain/invocation/outcome.ts';
import { readLimitBytes } from '../../../src/targets/http/answer-body.ts';
import { HttpExchange } from '../../../src/targets/http/http-exchange.ts';
import type { Line } from '../../../src/targets/http/lines.ts';

const controller = {} as Dispatcher.DispatchController;
const coded = (code: string, message = 'it broke') => Object.assign(new Error(message), { code });
const reset = coded('ECONNRESET');
const keyed = { 'idempotency-key': 'k' };

/** An exchange over lines that do nothing but tell what is asked of them. */
const begun = ({ timeoutMs = 5_000, headers = {}, mayBeStale = false, leaves = true } = {}) => {
  const asked: string[] = [];
  const outcomes: CallOutcome[] = [];
  const line = (name: string): Line => ({
    send: ({ path }) => void asked.push(`${name} sends ${path}`),
    mayBeStale,
    free: () => void asked.push(`${name} is free`),
    drop: () => void asked.push(`${name} is dropped`),
  });
  const lines = {
    take: (origin: string) => line(`a line to ${origin}`),
    open: (origin: string) => line(`a new line to ${origin}`),
    close: async () => {},
  };
  const request = { origin: 'o', path: '/p', headers, body: '{}' };
  const exchange = new HttpExchange(request, timeoutMs, lines, (each) => outcomes.push(each));
  if (leaves) exchange.leave();
  return {
    exchange,
    asked,
    outcomes,
    begins: (status: number) => exchange.onResponseStart(controller, status, {}),
    brings: (bytes: Buffer) => exchange.onResponseData(controller, bytes),
    breaks: (error: Error) => exchange.onResponseError(controller, error),
    failure: () =>
      outcomes.map((each) => (each.ok ? each : [each.failure.kind, each.failure.message])),
  };
};

describe('an exchange', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => vi.useRealTimers());

  it('ends with the last byte of its answer, and lets others have its line', () => {
    const { exchange, asked, outcomes, begins, brings } = begun();
    vi.advanceTimersByTime(120);
    begins(200);
    brings(Buffer.from('ok'));
    expect(outcomes).toEqual([]);
    exchange.onResponseEnd();
    expect(outcomes).toMatchObject([{ ok: true, durationMs: 120, answer: { status: 200 } }]);
    expect(asked).toEqual(['a line to o sends /p', 'a line to o is free']);
    vi.advanceTimersByTime(10_000);
    expect(outcomes).toHaveLength(1);
  });

  it('tells how long it took in microseconds', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(10);
    const { exchange, outcomes, begins } = begun();
    now.mockReturnValue(11.2345678);
    begins(200);
    exchange.onResponseEnd();
    expect(outcomes[0]?.durationMs).toBe(1.235);
    now.mockRestore();
  });

  it('is over once it has ended, whatever its line does then', () => {
    const { exchange, asked, outcomes, begins, brings, breaks } = begun();
    begins(200);
    brings(Buffer.alloc(readLimitBytes));
    expect(outcomes).toMatchObject([{ ok: true, answer: { truncated: true } }]);
    const all = ['a line to o sends /p', 'a line to o is dropped'];
    expect(asked).toEqual(all);
    brings(Buffer.from('more'));
    exchange.onResponseEnd();
    breaks(reset);
    breaks(coded('EMFILE'));
    vi.advanceTimersByTime(60_000);
    exchange.interrupt('shutdown');
    all.push('a line to o is dropped');
    expect([asked, outcomes.length]).toEqual([all, 1]);
  });

  it('is given up in time, and its line with it', () => {
    const { asked, failure } = begun({ timeoutMs: 150 });
    vi.advanceTimersByTime(149);
    expect(failure()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(failure()).toEqual([['timeout', 'no complete answer within the time allowed']]);
    expect(asked.at(-1)).toBe('a line to o is dropped');
  });

  it('has as much time as it is given, more than a timer can count', () => {
    const { outcomes } = begun({ timeoutMs: 3_000_000_000 });
    vi.advanceTimersByTime(60_000);
    expect(outcomes).toEqual([]);
  });

  it('can be given up before it has left', () => {
    const { exchange, asked, failure } = begun({ leaves: false });
    exchange.interrupt('shutdown');
    expect(failure()).toMatchObject([['shutdown', expect.any(String)]]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['connection', undefined, reset],
    ['protocol', 200, reset],
    ['tls', undefined, coded('EPROTO')],
    ['dns', 200, coded('ENOTFOUND')],
    ['protocol', 200, coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH')],
  ] as const)(
    'that breaks is a failure of the %s, its answer being %s: %s',
    (kind, status, error) => {
      const { asked, failure, begins, breaks } = begun({ headers: keyed });
      if (status !== undefined) begins(status);
      breaks(error);
      expect(failure()).toEqual([[kind, 'it broke']]);
      expect(asked).toEqual(['a line to o sends /p', 'a line to o is dropped']);
    },
  );

  it('that breaks without a word is told by the name of its error', () => {
    const { failure, breaks } = begun();
    breaks(new TypeError(''));
    expect(failure()).toEqual([['connection', 'TypeError']]);
  });

  it('has its answer where that has no body, whatever length it gave itself', () => {
    const { outcomes, begins, breaks } = begun();
    begins(204);
    breaks(coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'));
    expect(outcomes).toMatchObject([{ ok: true, answer: { status: 204 } }]);
    const other = begun();
    other.begins(204);
    other.breaks(reset);
    expect(other.failure()).toEqual([['protocol', 'it broke']]);
  });

  it('goes over a new line, once, where its own was stale', () => {
    const { asked, failure, breaks } = begun({ headers: keyed, mayBeStale: true });
    breaks(reset);
    expect(failure()).toEqual([]);
    breaks(reset);
    expect(failure()).toEqual([['connection', 'it broke']]);
    expect(asked).toEqual([
      ...['a line to o sends /p', 'a line to o is dropped'],
      ...['a new line to o sends /p', 'a new line to o is dropped'],
    ]);
  });

  it.each([
    ['nothing lets the target know it again', {}, reset],
    ['the target has said something wrong', keyed, coded('HPE_INVALID')],
  ])('is not sent again where %s', (_, headers, error) => {
    const { asked, outcomes, breaks } = begun({ headers, mayBeStale: true });
    breaks(error);
    expect([outcomes.length, asked.length]).toEqual([1, 2]);
  });

  it('waits for a connection of our own for twenty seconds, its deadline not running', () => {
    const { asked, failure, outcomes, breaks } = begun({ timeoutMs: 150 });
    breaks(coded('EMFILE'));
    for (let waited = 100; waited <= 20_000; waited += 100) {
      expect(failure()).toEqual([]);
      vi.advanceTimersByTime(100);
      breaks(coded('EMFILE'));
    }
    expect(failure()).toEqual([['internal', 'this server has no connections left']]);
    expect(outcomes[0]?.durationMs).toBe(0);
    expect(asked.filter((each) => each.endsWith('sends /p'))).toHaveLength(201);
  });

  it('has all its time once there is a connection of our own', () => {
    const { failure, outcomes, breaks } = begun({ timeoutMs: 150 });
    vi.advanceTimersByTime(100);
    breaks(coded('EMFILE'));
    vi.advanceTimersByTime(100 + 149);
    expect(failure()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(outcomes).toMatchObject([{ durationMs: 150, failure: { kind: 'timeout' } }]);
  });
});
