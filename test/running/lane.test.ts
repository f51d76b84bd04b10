import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import type { Envelope } from '../../src/domain/events.ts';
import type { KeptAnswer } from '../../src/domain/facts/answer.ts';
import type { InvocationCommand, QueueInvocation } from '../../src/domain/invocation/commands.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { nameOf } from '../../src/domain/payload-name.ts';
import { asPosition } from '../../src/domain/position.ts';
import { salted } from '../../src/domain/salted-bytes.ts';
import { createLane } from '../../src/running/lane.ts';
import type { Appended, ExpectedRevision, NewEvent } from '../../src/store/event-store.ts';
import { createTestClock } from './test-clock.ts';

interface Sent {
  readonly expected: ExpectedRevision;
  readonly records: readonly NewEvent[];
  answer(): void;
  fail(error: unknown): void;
}

/** A lane whose appends wait for the test to answer them. */
const createScene = (revision: number | 'no_stream' = 'no_stream') => {
  const sent: Sent[] = [];
  const fatal: unknown[] = [];
  const clock = createTestClock();
  const lane = createLane({
    stream: 'lane-0',
    store: {
      append: (_, expected, records) =>
        new Promise<Appended>((resolve, reject) => {
          const last = (expected === 'no_stream' ? -1 : Number(expected)) + records.length;
          const position = asPosition(String(last));
          const answer = () => resolve({ revision: last, position });
          sent.push({ expected, records, answer, fail: reject });
        }),
    },
    ...{ clock, chance: systemChance, log: silentLogger },
    onFatal: (error) => fatal.push(error),
  });
  lane.open(revision);
  return { lane, sent, fatal, clock };
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

const envelope = (over: Partial<Envelope> = {}): Envelope => ({
  workspace: 'acme',
  actor: 'system:router',
  occurredAt: '2026-01-01T00:00:00.000Z',
  $correlationId: 'arrival-1',
  ...over,
});

const queued = (invocationId: string): QueueInvocation => ({
  type: 'QueueInvocation',
  invocationId,
  triggerId: 'trigger-1',
  functionId: 'function-1',
  arrivalId: 'arrival-1',
  triggerVersion: 1,
  orderingKey: null,
  policy: { maxAttempts: 1, minDelayMs: 1, maxDelayMs: 1, factor: 1, jitter: 'none' } as never,
  timeoutMs: 1_000,
  retryOf: null,
  start: null,
});

const started = (attemptId: string): InvocationCommand => ({
  ...{ type: 'StartAttempt', attemptId, claimedBy: 'here', leaseUntil: '2026-01-01T00:01:00.000Z' },
});

const typesOf = ({ records }: Sent): readonly string[] =>
  records.flatMap(({ type, data }) =>
    type === 'Facts'
      ? (data as { facts: { type: string }[] }).facts.map((fact) => fact.type)
      : [type],
  );

describe('a lane', () => {
  it('makes one append of all that is asked at once, with one record for each workspace', async () => {
    const { lane, sent } = createScene();
    void lane.ask('i1', queued('i1'), envelope());
    void lane.ask('i2', queued('i2'), envelope({ workspace: 'other' }));
    void lane.ask('i1', started('a1'), envelope({ $correlationId: 'arrival-2' }));
    await settle();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.expected).toBe('no_stream');
    expect(sent[0]?.records.map(({ metadata }) => metadata.workspace)).toEqual(['acme', 'other']);
    expect(sent.map(typesOf)).toEqual([
      ['InvocationQueued', 'InvocationStarted', 'InvocationQueued'],
    ]);
    const [record] = sent[0]?.records ?? [];
    expect(record?.metadata.$correlationId).toBe('arrival-1');
    expect(
      (record as { data: { facts: { own?: object }[] } } | undefined)?.data.facts[1]?.own,
    ).toEqual({
      $correlationId: 'arrival-2',
    });
  });

  it('has one append in flight, and gathers meanwhile what the next one says', async () => {
    const { lane, sent } = createScene(6);
    const first = lane.ask('i1', queued('i1'), envelope());
    await settle();
    const others = ['i2', 'i3', 'i4'].map((id) => lane.ask(id, queued(id), envelope()));
    await settle();
    expect(sent).toHaveLength(1);
    sent[0]?.answer();
    expect(await first).toMatchObject({ facts: [{ type: 'InvocationQueued' }], position: '7' });
    await settle();
    expect(sent.map(({ expected }) => expected)).toEqual([6, 7]);
    expect(sent[1] && typesOf(sent[1])).toHaveLength(3);
    sent[1]?.answer();
    expect(await Promise.all(others)).toHaveLength(3);
    expect(lane.revision).toBe(8);
  });

  it('sends a turn again exactly as it was until it knows what became of it', async () => {
    const { lane, sent, clock } = createScene();
    const asked = lane.ask('i1', queued('i1'), envelope());
    for (const code of ['outcome-unknown', 'store-unavailable', 'disk-full'] as const) {
      await settle();
      sent.at(-1)?.fail(new TriplineError(code, 'not now'));
      await settle();
      void lane.ask(`while ${code}`, queued(`while ${code}`), envelope());
      clock.advance(60_000);
    }
    await settle();
    expect(sent).toHaveLength(4);
    for (const { records, expected } of sent) {
      expect(records).toBe(sent[0]?.records);
      expect(expected).toBe('no_stream');
    }
    sent[3]?.answer();
    expect((await asked).state.value).toBe('queued');
    await settle();
    expect(sent[4] && typesOf(sent[4])).toHaveLength(3);
  });

  it('refuses what a decider refuses to whoever asked for it, and records the rest', async () => {
    const { lane, sent } = createScene();
    const refused = lane.ask('i1', started('a1'), envelope());
    const taken = lane.ask('i2', queued('i2'), envelope());
    await expect(refused).rejects.toMatchObject({ code: 'not-found' });
    expect(sent.map(typesOf)).toEqual([['InvocationQueued']]);
    sent[0]?.answer();
    await taken;
  });

  it('asks nothing of the store where there is nothing to record', async () => {
    const { lane, sent } = createScene();
    const first = lane.ask('i1', queued('i1'), envelope());
    await settle();
    sent[0]?.answer();
    await first;
    expect(await lane.ask('i1', queued('i1'), envelope())).toMatchObject({ facts: [] });
    expect((await lane.settled('i1')).state.value).toBe('queued');
    expect(sent).toHaveLength(1);
  });

  it('records one by one what is too large together, so that one alone is refused', async () => {
    const { lane, sent } = createScene();
    const all = ['i1', 'i2', 'i3'].map((id) => lane.ask(id, queued(id), envelope()));
    const outcomes = Promise.allSettled(all);
    await settle();
    sent[0]?.fail(new TriplineError('event-too-large', 'too large'));
    await settle();
    sent[1]?.answer();
    await settle();
    sent[2]?.fail(new TriplineError('event-too-large', 'too large'));
    await settle();
    sent[3]?.answer();
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(sent.map(({ expected }) => expected)).toEqual(['no_stream', 'no_stream', 0, 0]);
  });

  it('decides nothing anew where its journal is not as it left it: another one runs it', async () => {
    const { lane, sent, fatal } = createScene(3);
    const asked = lane.ask('i1', queued('i1'), envelope());
    await settle();
    sent[0]?.fail(new TriplineError('wrong-expected-revision', 'at 5'));
    await expect(asked).rejects.toMatchObject({ code: 'wrong-expected-revision' });
    expect(sent).toHaveLength(1);
    expect(fatal).toMatchObject([{ code: 'store-unavailable' }]);
  });

  it('decides nothing before it is opened, and what was asked by then in one turn', async () => {
    const sent: number[] = [];
    const lane = createLane({
      stream: 'lane-0',
      store: {
        append: async (_, __, records) => {
          sent.push(records.length);
          return { revision: 0, position: asPosition('0') };
        },
      },
      ...{ clock: createTestClock(), chance: systemChance, log: silentLogger, onFatal: () => {} },
    });
    const asked = [
      lane.ask('i1', queued('i1'), envelope()),
      lane.ask('i1', started('a'), envelope()),
    ];
    await settle();
    expect(sent).toEqual([]);
    lane.open('no_stream');
    const [, second] = await Promise.all(asked);
    expect(second?.state.value).toBe('running');
    expect(sent).toEqual([1]);
  });

  it('gives up at a stop what it waits to send, and refuses what comes later', async () => {
    const { lane, sent } = createScene();
    const first = lane.ask('i1', queued('i1'), envelope());
    await settle();
    const second = lane.ask('i2', queued('i2'), envelope());
    sent[0]?.fail(new TriplineError('store-unavailable', 'away'));
    await settle();
    const stopped = lane.stop();
    const third = lane.ask('i3', queued('i3'), envelope());
    const outcomes = await Promise.allSettled([first, second, third]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'shutting-down' } });
    await stopped;
    expect(sent).toHaveLength(1);
  });

  it('keeps nothing of an invocation that has ended', async () => {
    const { lane, sent } = createScene();
    void lane.ask('i1', queued('i1'), envelope());
    void lane.ask('i1', { type: 'CancelInvocation', reason: 'not wanted' }, envelope());
    await settle();
    sent[0]?.answer();
    await settle();
    expect(lane.size).toBe(0);
    await expect(lane.ask('i1', started('a1'), envelope())).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  describe('that is told of long answers', () => {
    const running = async (count: number) => {
      const scene = createScene();
      const ids = Array.from({ length: count }, (_, n) => `i${n}`);
      for (const id of ids) {
        void scene.lane.ask(id, queued(id), envelope());
        void scene.lane.ask(id, started(`a-${id}`), envelope());
      }
      await settle();
      scene.sent[0]?.answer();
      await settle();
      return { ...scene, ids };
    };
    const outcomeOf = (body: KeptAnswer['body'], id: string): InvocationCommand => ({
      ...{ type: 'RecordOutcome', attempt: 1, attemptId: `a-${id}`, random: 0 },
      now: '2026-01-01T00:00:00.000Z',
      outcome: {
        ...{ ok: true, durationMs: 1 },
        answer: { status: 200, contentType: null, body, truncated: false },
      },
    });
    const payloadOf = (size: number) => salted(Buffer.alloc(size, 'x'), systemChance);

    it('records each with the fact that names it', async () => {
      const { lane, sent, ids } = await running(3);
      const [first, second] = [payloadOf(5_000), payloadOf(6_000)];
      const [a = '', b = '', c = ''] = ids;
      const short = { encoding: 'utf8', content: 'short' } as const;
      void lane.ask(a, outcomeOf(nameOf(first), a), envelope(), first);
      void lane.ask(b, outcomeOf(short, b), envelope());
      void lane.ask(c, outcomeOf(nameOf(second), c), envelope(), second);
      await settle();
      const [record] = sent[1]?.records ?? [];
      expect(record?.payloads).toEqual([
        { ...first, fact: 0 },
        { ...second, fact: 2 },
      ]);
    });

    it('has no bytes where there is nothing to record', async () => {
      const { lane, sent, ids } = await running(2);
      const [late = '', other = ''] = ids;
      const payload = payloadOf(5_000);
      void lane.ask(late, outcomeOf(nameOf(payload), 'of another'), envelope(), payload);
      void lane.ask(other, outcomeOf(nameOf(payload), other), envelope(), payload);
      await settle();
      expect(sent[1]?.records.map(({ payloads }) => payloads?.length)).toEqual([1]);
      expect(sent[1] && typesOf(sent[1])).toEqual(['InvocationSucceeded']);
    });

    it.each([
      [
        'beside',
        (size: number) => {
          const payload = payloadOf(size);
          return { body: nameOf(payload), payload };
        },
      ],
      [
        'in their facts',
        (size: number) => ({
          body: { encoding: 'utf8', content: 'x'.repeat(size) } as const,
          payload: undefined,
        }),
      ],
    ] as const)('takes turns of half a mebibyte, %s', async (_, answerOf) => {
      const { lane, sent, ids } = await running(7);
      // One alone is more than a turn has room for.
      const sizes = [200_000, 200_000, 200_000, 200_000, 200_000, 600_000, 200_000];
      for (const [n, id] of ids.entries()) {
        const { body, payload } = answerOf(sizes[n] ?? 0);
        void lane.ask(id, outcomeOf(body, id), envelope(), payload);
      }
      for (let turn = 1; turn < 6; turn += 1) {
        await settle();
        sent[turn]?.answer();
      }
      expect(sent.slice(1).map((turn) => typesOf(turn).length)).toEqual([2, 2, 1, 1, 1]);
    });
  });

  it('takes no more than so many commands in a turn', async () => {
    const { lane, sent } = createScene();
    for (let n = 0; n < 600; n += 1) void lane.ask(`i${n}`, queued(`i${n}`), envelope());
    await settle();
    sent[0]?.answer();
    await settle();
    expect(sent.map((turn) => typesOf(turn).length)).toEqual([512, 88]);
  });
});
