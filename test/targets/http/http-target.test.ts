import { describe, expect, it } from 'vitest';
import { guardedConnector } from '../../../src/targets/http/guarded-connector.ts';
import { createHttpTarget } from '../../../src/targets/http/http-target.ts';
import { Interrupter } from '../../../src/targets/interrupter.ts';
import type { Call } from '../../../src/targets/target.ts';
import { answering, failed, itCallsHttp, opened } from './http-calls-contract.ts';

itCallsHttp('in this thread', createHttpTarget);

describe('a machine that cannot open a connection', () => {
  const shortOf = (times: number) => {
    let left = times;
    return (...given: Parameters<typeof guardedConnector>): ReturnType<typeof guardedConnector> => {
      const connect = guardedConnector(...given);
      return (options, callback) => {
        left -= 1;
        if (left < 0) return connect(options, callback);
        callback(Object.assign(new Error('too many open files'), { code: 'EMFILE' }), null);
      };
    };
  };
  const callFrom = async (times: number, over: Partial<Call> = {}) => {
    const server = await answering(200, {}, 'ok');
    const target = await opened(createHttpTarget({ allowPrivate: true }, shortOf(times)));
    return target.call({ url: server.url, body: '{}', headers: {}, timeoutMs: 5_000, ...over });
  };

  it('does not blame the target, and calls it when it can', async () => {
    expect(await callFrom(3)).toMatchObject({ ok: true });
  });

  it('does not count the time against the target', async () => {
    expect(await callFrom(15, { timeoutMs: 1_400 })).toMatchObject({ ok: true });
  });

  it('gives the call up when it is told to', async () => {
    const interrupter = new Interrupter();
    const calling = callFrom(Number.POSITIVE_INFINITY, { interrupter });
    interrupter.interrupt();
    expect(failed(await calling).failure.kind).toBe('shutdown');
  });
});
