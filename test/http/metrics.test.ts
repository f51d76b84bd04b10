import { describe, expect, it } from 'vitest';
import { type FactType, facts } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { queueMetrics } from '../../src/http/measures/fact-metrics.ts';
import { createMeasures, mostTriggers } from '../../src/http/measures/measures.ts';
import { hang, type ServerUnderTest, startServer } from './server-under-test.ts';

/** Each sample by its name and labels as they are written. */
const scrape = async (server: ServerUnderTest): Promise<ReadonlyMap<string, number>> => {
  const answer = await server.ask('GET', '/metrics');
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return new Map(
    answer.body
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
};

const refused = {
  ok: false,
  durationMs: 40,
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
  retryAfterMs: null,
} as const;

describe('metrics', () => {
  it('are text that Prometheus takes: help, type, and well-formed samples of each', async () => {
    await using server = await startServer();
    const { body } = await server.ask('GET', '/metrics');
    const names = new Set<string>();
    let current = '';
    for (const line of body.trimEnd().split('\n')) {
      const [, name] = /^# TYPE (\w+) (?:counter|gauge|histogram)$/.exec(line) ?? [];
      if (name !== undefined) {
        expect(names.has(name)).toBe(false);
        names.add(name);
        current = name;
      } else if (!line.startsWith('# HELP ')) {
        expect(line).toMatch(/^\w+(\{(\w+="[^"\\]*",?)+\})? -?\d+(\.\d+)?(e-?\d+)?$/);
        expect(line.startsWith(current)).toBe(true);
      }
    }
    expect(names.size).toBeGreaterThan(20);
  });

  it('tell how long calls took and how they ended, and what lies dead', async () => {
    let answers = 0;
    await using server = await startServer({
      call: async () => {
        answers += 1;
        if (answers > 1) return refused;
        return {
          ok: true,
          durationMs: 7,
          answer: {
            status: 200,
            contentType: null,
            body: { encoding: 'utf8', content: '' },
            truncated: false,
          },
        };
      },
    });
    const before = await scrape(server);
    expect(before.get('tripline_dead_letters')).toBe(0);
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ functionId });
    for (const status of ['completed', 'failed']) {
      const job = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
      await expect
        .poll(async () => (await server.ask('GET', `jobs/${job}`)).json().status)
        .toBe(status);
    }
    const after = await scrape(server);
    expect(after.get('tripline_dead_letters')).toBe(1);
    expect(after.get('tripline_dead_lettered_total{reason="not-retryable"}')).toBe(1);
    expect(after.get('tripline_start_delay_seconds_count')).toBe(2);
    const bucket = (outcome: string, le: string) =>
      after.get(`tripline_call_duration_seconds_bucket{outcome="${outcome}",le="${le}"}`);
    expect([bucket('succeeded', '0.005'), bucket('succeeded', '0.01')]).toEqual([0, 1]);
    expect([bucket('dead', '0.025'), bucket('dead', '0.05'), bucket('dead', '+Inf')]).toEqual([
      0, 1, 1,
    ]);
    expect(after.get('tripline_call_duration_seconds_sum{outcome="dead"}')).toBeCloseTo(0.04);
    const ended = (outcome: string) =>
      after.get(`tripline_trigger_outcomes_total{trigger="${id}",outcome="${outcome}"}`);
    expect([ended('succeeded'), ended('dead')]).toEqual([1, 1]);
  });

  it('tell what waits, for how long, and behind which trigger', async () => {
    await using server = await startServer({ call: hang });
    const { id: functionId } = await server.createFunction({ concurrency: 1 });
    const { id } = await server.createTrigger({ functionId });
    for (let count = 0; count < 3; count += 1)
      await server.ask('POST', `function-triggers/${id}/execute`);
    await expect
      .poll(async () => (await scrape(server)).get('tripline_invocations_open{status="running"}'))
      .toBe(1);
    const waiting = await scrape(server);
    expect(waiting.get('tripline_invocations_open{status="queued"}')).toBe(2);
    expect(waiting.get(`tripline_trigger_queued{trigger="${id}"}`)).toBe(2);
    expect(waiting.get('tripline_oldest_queued_seconds')).toBeGreaterThanOrEqual(0);
  });
});

describe('the age of the oldest', () => {
  const entry = (triggerId: string, since: string, status = 'queued') =>
    ({ triggerId, since, status }) as never;
  const now = Date.parse('2026-11-29T12:00:00.000Z');
  const samplesOf = (metrics: ReturnType<typeof queueMetrics>, name: string) =>
    metrics.find((metric) => metric.name === name)?.samples;

  it('counts from when it was queued, and only while it has not begun', () => {
    const metrics = queueMetrics(
      [
        entry('a', '2026-11-29T11:59:00.000Z'),
        entry('a', '2026-11-29T11:58:30.000Z'),
        entry('b', '2026-11-29T10:00:00.000Z', 'running'),
      ],
      now,
    );
    expect(samplesOf(metrics, 'tripline_oldest_queued_seconds')).toEqual([[{}, 90]]);
    expect(samplesOf(queueMetrics([], now), 'tripline_oldest_queued_seconds')).toEqual([[{}, 0]]);
  });

  it('is told of the longest queues by name, of the rest together', () => {
    const many = Array.from({ length: mostTriggers + 50 }, (_, at) =>
      entry(`t${at}`, '2026-11-29T11:59:00.000Z'),
    );
    const samples = samplesOf(
      queueMetrics([...many, entry('t249', '2026-11-29T11:59:00.000Z')], now),
      'tripline_trigger_queued',
    );
    expect(samples).toHaveLength(mostTriggers + 1);
    expect(samples?.[0]).toEqual([{ trigger: 't249' }, 2]);
    expect(samples?.at(-1)).toEqual([{ trigger: 'other' }, 50]);
  });
});

describe('measures', () => {
  const fact = (type: string, data: object, occurredAt = '2026-11-29T12:00:00.000Z') =>
    ({
      type,
      data,
      metadata: { occurredAt, schemaVersion: facts[type as FactType]?.schemaVersion ?? 1 },
    }) as unknown as StoredEvent;

  it('count the start from the arrival, of a repetition from when it was asked for', () => {
    const measures = createMeasures();
    const queued = (invocationId: string, retryOf: string | null) =>
      fact(
        'InvocationQueued',
        { invocationId, arrivalId: 'a', triggerId: 't', retryOf },
        '2026-11-29T12:00:01.000Z',
      );
    measures.take([
      fact('EventArrived', { arrivalId: 'a' }),
      queued('i', null),
      queued('j', 'i'),
      fact('InvocationStarted', { invocationId: 'i' }, '2026-11-29T12:00:03.000Z'),
      fact('InvocationStarted', { invocationId: 'j' }, '2026-11-29T12:00:03.000Z'),
      fact('InvocationStarted', { invocationId: 'i' }, '2026-11-29T12:00:09.000Z'),
      fact('InvocationStarted', { invocationId: 'from before' }, '2026-11-29T12:00:09.000Z'),
    ]);
    expect(measures.startDelay()).toMatchObject({ sum: 5, count: 2 });
  });

  it('remember an arrival that is still to be routed, and need not where it was', () => {
    const measures = createMeasures();
    const arrivals = Array.from({ length: 10_000 }, (_, at) => ({ arrivalId: `a${at}` }));
    const queued = (arrivalId: string) => [
      fact(
        'InvocationQueued',
        { invocationId: `i${arrivalId}`, arrivalId, triggerId: 't', retryOf: null },
        '2026-11-29T12:00:01.000Z',
      ),
      fact('InvocationStarted', { invocationId: `i${arrivalId}` }, '2026-11-29T12:00:02.000Z'),
    ];
    measures.take([
      fact('EventArrived', { arrivalId: 'early' }),
      ...arrivals.map((arrival) => fact('EventArrived', arrival)),
      fact('EventArrived', { arrivalId: 'decided', decidedAt: '1' }),
      ...queued('early'),
      ...queued('decided'),
    ]);
    expect(measures.startDelay()).toMatchObject({ sum: 3, count: 2 });
  });

  it('name so many triggers and no more', () => {
    const measures = createMeasures();
    measures.take(
      Array.from({ length: mostTriggers + 7 }, (_, at) =>
        fact('InvocationCancelled', { invocationId: `i${at}`, triggerId: `t${at}` }),
      ),
    );
    expect(measures.outcomes().size).toBe(mostTriggers + 1);
    expect(measures.outcomes().get('other')?.get('cancelled')).toBe(7);
  });

  it('leave out what they do not know', () => {
    const measures = createMeasures();
    measures.take([
      fact('SomethingElse', {}),
      fact('InvocationCancelled', { invocationId: 'i', triggerId: 't' }),
    ]);
    expect(measures.outcomes().get('t')?.get('cancelled')).toBe(1);
  });
});
