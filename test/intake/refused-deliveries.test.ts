import { describe, expect, it } from 'vitest';
import { createActors } from '../../src/actors/actors.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import { isFact } from '../../src/domain/events.ts';
import { createRefusedDeliveries } from '../../src/intake/refused-deliveries.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { createTestClock } from '../running/test-clock.ts';

const ignore = (): void => {};

const setUp = () => {
  const clock = createTestClock();
  const store = readsFacts(createMemoryStore());
  const faults: TriplineError[] = [];
  const warnings: string[] = [];
  const actors = createActors({
    store: {
      ...store,
      append: async (...args) => {
        const fault = faults.shift();
        if (fault) throw fault;
        return store.append(...args);
      },
    },
    chance: systemChance,
  });
  const warn = (_: object, message: string) => void warnings.push(message);
  const desk = createRefusedDeliveries({
    ...{ actors, clock, chance: systemChance },
    log: { debug: ignore, info: ignore, warn, error: ignore },
    exists: (workspace) => workspace === 'acme',
  });
  const refuse = (changes: object = {}) =>
    desk.note({
      ...{ workspace: 'acme', path: 'in', trigger: 't', status: 401, reason: 'no-match' as const },
      ...{ remote: '::1', correlationId: 'request-1' },
      ...changes,
    });
  const noted = async () => {
    await actors.idle();
    const facts = await store.readAll({ maxCount: 10_000 });
    return facts.flatMap((fact) => (isFact(fact, 'DeliveriesRefused') ? [fact] : []));
  };
  const counts = async () => (await noted()).map(({ data: { count } }) => count);
  return { clock, desk, faults, warnings, refuse, noted, counts };
};

const unknown = { trigger: null, status: 404, reason: 'unknown-path' };

describe('refused deliveries', () => {
  it('are recorded at once while they are few, with the id of their request', async () => {
    const { refuse, noted } = setUp();
    refuse({ skewSeconds: -301, reason: 'stale-timestamp' });
    const [fact] = await noted();
    expect(fact?.metadata).toMatchObject({
      ...{ workspace: 'acme', actor: 'system:ingress', $correlationId: 'request-1' },
    });
    expect(fact?.data).toEqual({
      ...{ path: 'in', trigger: 't', status: 401, reason: 'stale-timestamp', skewSeconds: -301 },
      ...{ count: 1, first: '2026-01-01T00:00:00.000Z', last: '2026-01-01T00:00:00.000Z' },
      remote: '::1',
    });
  });

  it('are one number when the minute is over, and told one by one again in the next', async () => {
    const { clock, refuse, counts } = setUp();
    for (let n = 0; n < 10; n += 1) refuse();
    expect(await counts()).toEqual([1, 1, 1]);
    clock.advance(60_000);
    expect(await counts()).toEqual([1, 1, 1, 7]);
    refuse();
    clock.advance(60_000);
    expect(await counts()).toEqual([1, 1, 1, 7, 1]);
    expect(clock.toNext()).toBe(false);
  });

  it('leave a few facts of a flood of paths, in one append for a minute', async () => {
    const { clock, refuse, noted } = setUp();
    for (let n = 0; n < 20_000; n += 1) refuse({ ...unknown, path: `guess/${n}` });
    clock.advance(60_000);
    const facts = await noted();
    expect(facts.length).toBeLessThanOrEqual(16);
    expect(new Set(facts.map(({ stream }) => stream)).size).toBeLessThanOrEqual(6);
    expect(facts.reduce((sum, { data }) => sum + data.count, 0)).toBe(20_000);
  });

  it('are nothing in workspaces that do not exist', async () => {
    const { clock, refuse, counts } = setUp();
    for (let n = 0; n < 100; n += 1) refuse({ ...unknown, workspace: `made-up-${n}` });
    expect(clock.toNext()).toBe(false);
    expect(await counts()).toEqual([]);
  });

  it('are recorded by a stop as far as they were counted, and not behind it', async () => {
    const { clock, desk, refuse, counts } = setUp();
    for (let n = 0; n < 5; n += 1) refuse();
    desk.close();
    refuse();
    expect(await counts()).toEqual([1, 1, 1, 2]);
    expect(clock.toNext()).toBe(false);
  });

  it('are counted again where the store did not take them', async () => {
    const { clock, faults, refuse, counts, warnings } = setUp();
    faults.push(new TriplineError('store-unavailable', 'away'));
    refuse();
    expect(await counts()).toEqual([]);
    await expect.poll(() => warnings).toEqual(['refused deliveries not noted']);
    faults.push(new TriplineError('store-unavailable', 'still away'));
    clock.advance(60_000);
    expect(await counts()).toEqual([]);
    await expect.poll(() => warnings).toHaveLength(2);
    clock.advance(60_000);
    expect(await counts()).toEqual([1]);
  });
});
