import { describe, expect, it } from 'vitest';
import { triggerAddress } from '../../src/actors/addresses.ts';
import { type ErrorCode, TriplineError } from '../../src/domain/errors.ts';
import { createCommandSender } from '../../src/running/command-sender.ts';
import { createManualClock } from '../log/manual-clock.ts';
import { recordingLogger } from '../views/view-engine-setup.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A sender whose asks fail with these errors, one each, and succeed from then on. */
const sending = (...failures: (ErrorCode | Error)[]) => {
  const { clock, advance, pending } = createManualClock();
  const { log, messages } = recordingLogger();
  const fatal: unknown[] = [];
  const asked: unknown[] = [];
  const answer = async (...given: unknown[]): Promise<never> => {
    asked.push(given);
    const failure = failures.shift();
    if (typeof failure === 'string') throw new TriplineError(failure, 'as told');
    if (failure !== undefined) throw failure;
    return 'answered' as never;
  };
  const sender = createCommandSender({
    ...{ actors: { ask: answer }, lane: { ask: answer }, clock, log, random: () => 1 },
    onFatal: (error) => fatal.push(error),
  });
  const outcome: { value?: unknown } = {};
  const note = (work: Promise<unknown>) =>
    void work.then((value) => {
      outcome.value = value ?? 'given up';
    });
  const cause = { workspace: 'acme', correlationId: 'c', causationId: 'event-1' };
  const pause = { type: 'PauseTrigger', reason: 'test' } as const;
  const send = () => note(sender.send(triggerAddress('t'), pause, 'system:router', cause));
  const cancel = { type: 'CancelInvocation', reason: 'test' } as const;
  const toInvocation = () => note(sender.toInvocation('i', cancel, 'system:dispatcher', cause));
  /** Lets so much time pass, step by step, that every pause ends. */
  const wait = async () => {
    await settled();
    advance(30_000);
    await settled();
  };
  return { sender, send, toInvocation, outcome, asked, fatal, messages, wait, pending };
};

describe('a command of the engine', () => {
  it('says who sends it, when, and because of what', async () => {
    const { send, asked, outcome } = sending();
    send();
    await settled();
    expect(outcome.value).toBe('answered');
    expect(asked).toEqual([
      [
        expect.objectContaining({ stream: 'trigger-t' }),
        { type: 'PauseTrigger', reason: 'test' },
        {
          ...{ workspace: 'acme', actor: 'system:router', $correlationId: 'c' },
          ...{ causationId: 'event-1', occurredAt: '2026-01-01T00:00:00.000Z' },
        },
      ],
    ]);
  });

  it.each<ErrorCode>([
    'store-unavailable',
    'disk-full',
    'outcome-unknown',
    'wrong-expected-revision',
  ])('waits while the store cannot take it, and says so once: %s', async (code) => {
    const { sender, send, outcome, asked, messages, wait, pending } = sending(code, code);
    send();
    await wait();
    expect([asked.length, outcome.value]).toEqual([2, undefined]);
    await wait();
    expect([asked.length, outcome.value]).toEqual([3, 'answered']);
    expect(messages()).toEqual(['waiting for the store', 'the store is back']);
    expect([sender.refused, pending()]).toEqual([0, 0]);
  });

  it.each<ErrorCode>(['store-failed', 'corrupt-store'])(
    'is not tried again on a store that only a start can heal: %s',
    async (code) => {
      const { sender, send, outcome, asked, fatal, wait } = sending(code);
      send();
      await wait();
      expect([asked.length, outcome.value]).toEqual([1, 'given up']);
      expect(fatal).toMatchObject([{ code }]);
      expect(sender.refused).toBe(0);
    },
  );

  it.each<ErrorCode | Error>(['illegal-transition', 'not-found', new TypeError('bug')])(
    'that is refused is not tried again: %s',
    async (failure) => {
      const { sender, send, outcome, asked, fatal, messages, wait } = sending(failure);
      send();
      await wait();
      expect([asked.length, outcome.value, sender.refused]).toEqual([1, 'given up', 1]);
      expect(messages()).toEqual(['command refused']);
      expect(fatal).toEqual([]);
    },
  );

  it('is given up where sending ends while it waits', async () => {
    const { sender, send, outcome, asked, wait, pending } = sending('disk-full');
    send();
    await settled();
    expect(sender.stopped).toBe(false);
    sender.stop();
    await wait();
    expect([asked.length, outcome.value, pending()]).toEqual([1, 'given up', 0]);
    expect([sender.stopped, sender.refused]).toEqual([true, 0]);
  });

  it('goes to an invocation through its lane, which does the waiting', async () => {
    const { toInvocation, outcome, asked } = sending();
    toInvocation();
    await settled();
    expect(outcome.value).toBe('answered');
    expect(asked).toMatchObject([
      ['i', { type: 'CancelInvocation' }, { workspace: 'acme' }, undefined],
    ]);
  });

  it.each<[ErrorCode, number]>([
    ['illegal-transition', 1],
    ['shutting-down', 0],
  ])('that its lane refuses is undone, and counted unless it ends: %s', async (code, refused) => {
    const { sender, toInvocation, outcome, asked, wait } = sending(code);
    toInvocation();
    await wait();
    expect([asked.length, outcome.value, sender.refused]).toEqual([1, 'given up', refused]);
  });
});
