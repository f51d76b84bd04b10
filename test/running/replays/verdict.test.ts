import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import type { FunctionEntry, TriggerEntry } from '../../../projections/registry.ts';
import { type ReplayOrder, ReplayOutcome } from '../../../src/domain/replay/order.ts';
import { type Case, type Verdict, verdictsOn } from '../../../src/running/replays/verdict.ts';
import { replayOrder } from '../../domain/examples.ts';

const workspace = 'acme';
const ids = ['t1', 't2', 't3'] as const;
type Id = (typeof ids)[number];

const triggerOf = (triggerId: string, status: TriggerEntry['status'], functionId = 'f') =>
  ({ entity: 'trigger', workspace, triggerId, status, functionId, version: 2 }) as TriggerEntry;

const registryOf = (
  triggers: readonly TriggerEntry[],
  matching: readonly string[] = triggers.map(({ triggerId }) => triggerId),
  functions: readonly string[] = ['f'],
) => ({
  triggerById: (id: string) => triggers.find(({ triggerId }) => triggerId === id),
  byKey: () => triggers.filter(({ triggerId }) => matching.includes(triggerId)),
  functionById: (id: string) =>
    functions.includes(id) ? ({ workspace, functionId: id } as FunctionEntry) : undefined,
});

const invoked = (
  triggerId: string,
  status: InvocationDocument['status'],
  more: Partial<InvocationDocument> = {},
) =>
  ({
    ...{ invocationId: `${triggerId}-${status}`, triggerId, status, functionId: 'f' },
    ...{ triggerVersion: 1, retryOf: null, replayId: null, reason: null },
    ...more,
  }) as InvocationDocument;

const caseOf = (
  invocations: readonly InvocationDocument[],
  withheld: readonly string[] = [],
  died?: Case['died'],
): Case => ({
  arrival: {
    ...{ arrivalId: 'a', workspace, sourceKind: 'message', sourceKey: 'k' },
    withheld: withheld.map((triggerId) => ({ triggerId, reason: 'paused' })),
  } as unknown as ArrivalDocument,
  invocations,
  withheld: withheld.map((triggerId) => ({ triggerId, was: triggerOf(triggerId, 'paused') })),
  died,
  wantedBy: () => true,
});

const orderOf = (more: Partial<ReplayOrder> = {}): ReplayOrder => ({ ...replayOrder, ...more });
const told = (verdicts: readonly Verdict[]) =>
  verdicts.map((each) => ('skip' in each ? `${each.triggerId}: ${each.skip}` : each.triggerId));
const active = ids.map((id) => triggerOf(id, 'active'));
const outcomes = (...some: ReplayOutcome[]) => ({ among: { arrivals: { outcomes: some } } });

const isOpen = (status: string): boolean => ['queued', 'running', 'waiting'].includes(status);

/** Of a part whose last invocation has not ended, which is no outcome. */
const isOfOpen = (text: string, invocations: readonly InvocationDocument[]): boolean =>
  isOpen(invocations.findLast(({ triggerId }) => text.startsWith(triggerId))?.status ?? '');

const isMissingIn = (invocations: readonly InvocationDocument[], of: string | null): boolean =>
  !invocations.some(
    ({ triggerId, status }) => triggerId === of && (isOpen(status) || status === 'succeeded'),
  );

type Drawn = readonly { readonly triggerId: Id; readonly status: InvocationDocument['status'] }[];

/** The first of each trigger is what the arrival led to; the others repeat it. */
const historyOf = (drawn: Drawn): readonly InvocationDocument[] =>
  drawn.map(({ triggerId, status }, n) => {
    const isFirst = drawn.findIndex((one) => one.triggerId === triggerId) === n;
    return invoked(triggerId, status, { invocationId: String(n), retryOf: isFirst ? null : 'x' });
  });

const statuses = ['queued', 'running', 'waiting', 'succeeded', 'dead', 'cancelled'] as const;
const setting = fc.record({
  statuses: fc.uniqueArray(
    fc.tuple(
      fc.constantFrom(...ids),
      fc.constantFrom('active' as const, 'paused' as const, 'suspended' as const),
    ),
    { selector: ([id]) => id },
  ),
  matching: fc.subarray([...ids]),
  functions: fc.constantFrom<readonly string[]>(['f'], []),
  history: fc.array(
    fc.record({ triggerId: fc.constantFrom(...ids), status: fc.constantFrom(...statuses) }),
    { maxLength: 6 },
  ),
  withheld: fc.subarray([...ids]),
  versions: fc.constantFrom('as-then' as const, 'as-now' as const),
  mode: fc.constantFrom('only-missing' as const, 'force' as const),
});

describe('what is delivered again', () => {
  it.each<[string, Case, Partial<ReplayOrder>, readonly string[]]>([
    ['what died', caseOf([invoked('t1', 'dead')]), {}, ['t1']],
    ['not what succeeded', caseOf([invoked('t1', 'succeeded')]), {}, ['t1: succeeded']],
    ['nor what is under way', caseOf([invoked('t1', 'waiting')]), {}, ['t1: under-way']],
    ['by force all', caseOf([invoked('t1', 'succeeded')]), { mode: 'force' }, ['t1']],
    ['what was withheld', caseOf([], ['t2']), {}, ['t2']],
    ['nothing of nobody', caseOf([]), {}, ['null: not-matched']],
    [
      'what matches now, and what did then and does no more is named',
      caseOf([invoked('t4', 'dead'), invoked('t1', 'dead')]),
      { versions: 'as-now' },
      ['t1', 't2', 't3', 't4: trigger-deleted'],
    ],
    [
      'of some triggers',
      caseOf([invoked('t1', 'dead'), invoked('t2', 'dead')]),
      { only: { triggers: ['t2'] } },
      ['t2'],
    ],
    [
      'of those bound to a function',
      caseOf([invoked('t1', 'dead', { functionId: 'g' }), invoked('t2', 'dead')]),
      { only: { function: 'f' } },
      ['t2'],
    ],
    [
      'of other triggers',
      caseOf([invoked('t1', 'dead')]),
      { only: { triggers: ['t2'] } },
      ['null: not-matched'],
    ],
    [
      'by the last outcome',
      caseOf([invoked('t1', 'dead'), invoked('t1', 'cancelled', { retryOf: 't1-dead' })]),
      outcomes('dead'),
      [],
    ],
    [
      'what was dropped is not what was cancelled',
      caseOf([invoked('t1', 'cancelled', { reason: 'dropped: queue full' })]),
      outcomes('cancelled'),
      [],
    ],
    [
      'of what matched nobody',
      caseOf([]),
      { ...outcomes('not-matched'), versions: 'as-now' },
      ['t1', 't2', 't3'],
    ],
  ])('%s', (_, of, order, expected) => {
    expect(told(verdictsOn(of, orderOf(order), registryOf(active)))).toEqual(expected);
  });

  it('names the latest that died as what it makes up for, and the one that it was asked about', () => {
    const twice = [invoked('t1', 'dead'), invoked('t1', 'dead', { invocationId: 'x' })];
    const verdict = (of: Case) => verdictsOn(of, orderOf(), registryOf(active))[0];
    expect(verdict(caseOf(twice))).toMatchObject({ repeats: 'x', definition: { like: twice[0] } });
    const died = { invocationId: 't1-dead', triggerId: 't1' };
    expect(verdict(caseOf(twice, [], died))).toMatchObject({ repeats: 't1-dead' });
  });

  it('leaves each part out for one reason, or delivers it, whatever there is', () => {
    fc.assert(
      fc.property(setting, ({ statuses, matching, functions, history, withheld, ...how }) => {
        const triggers = statuses.map(([id, is]) => triggerOf(id, is));
        const registry = registryOf(triggers, matching, functions);
        const invocations = historyOf(history);
        const began = new Set(invocations.map(({ triggerId }) => triggerId));
        const of = caseOf(
          invocations,
          withheld.filter((id) => !began.has(id)),
        );
        const all = verdictsOn(of, orderOf(how), registry);
        const parts = all.map(({ triggerId }) => triggerId);
        expect(new Set(parts).size).toBe(parts.length);
        const concerned = [...began, ...of.withheld.map(({ triggerId }) => triggerId)];
        const expected = new Set(concerned.length > 0 ? concerned : [null]);
        if (how.versions === 'as-then') expect(new Set(parts)).toEqual(expected);
        const delivered = all.flatMap((verdict) => ('skip' in verdict ? [] : verdict.triggerId));
        const isActive = (id: string) => registry.triggerById(id)?.status === 'active';
        expect(delivered.every(isActive)).toBe(true);
        if (functions.length === 0) expect(delivered).toEqual([]);
        const isMissing = (id: string) => isMissingIn(invocations, id);
        if (how.mode === 'only-missing') expect(delivered.every(isMissing)).toBe(true);
        // Outcomes part what there is without them, less what has none yet.
        const byOutcome = ReplayOutcome.options.flatMap((outcome) =>
          told(verdictsOn(of, orderOf({ ...how, ...outcomes(outcome) }), registry)),
        );
        const ofOpen = told(all).filter((text) => isOfOpen(text, invocations));
        expect([...byOutcome, ...ofOpen].sort()).toEqual(told(all).sort());
      }),
    );
  });
});

it('gives a late trigger what is missing to it, stopped or not, and tells of nothing else', () => {
  const order = orderOf({
    ...({ versions: 'as-now', mode: 'catch-up', only: { triggers: ['t1'] } } as const),
  });
  const all = [triggerOf('t1', 'paused'), triggerOf('t2', 'active')];
  const verdictsOf = (of: Case, ...registry: Parameters<typeof registryOf>) =>
    told(verdictsOn(of, order, registryOf(...registry)));
  expect(verdictsOf(caseOf([]), all)).toEqual(['t1']);
  expect(verdictsOf(caseOf([invoked('t2', 'succeeded')]), all, ['t2'])).toEqual([]);
  expect(verdictsOf(caseOf([invoked('t1', 'succeeded')]), all)).toEqual(['t1: succeeded']);
  expect(verdictsOf(caseOf([invoked('t1', 'running')]), all)).toEqual(['t1: under-way']);
  expect(verdictsOf(caseOf([]), all, ['t1'], [])).toEqual(['t1: function-deleted']);
});
