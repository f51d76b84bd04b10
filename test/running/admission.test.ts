import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Admission, createAdmission } from '../../src/running/admission.ts';
import { Ticket } from '../../src/running/ticket.ts';

interface Setting {
  readonly functionLimits: readonly number[];
  readonly triggerLimits: readonly number[];
  readonly runningLimit: number;
  /** Triggers that are given first what came before them. */
  readonly catchingUp?: readonly number[];
}

/** As each trigger is bound at first: to whichever function it may be given another. */
const bindings = ({ functionLimits, triggerLimits }: Setting): number[] =>
  triggerLimits.map((_, trigger) => trigger % functionLimits.length);

/** Admission with a plain count of everything beside it, which is compared at every slot. */
const createModel = (setting: Setting) => {
  const held = new Set<number>();
  const catchingUp = new Set<number>(setting.catchingUp);
  const tickets: Ticket[] = [];
  const started: Ticket[] = [];
  const functionLimits = [...setting.functionLimits];
  const triggerLimits = [...setting.triggerLimits];
  const functionOf = bindings(setting);

  const holding = (test: (ticket: Ticket) => boolean): number =>
    tickets.filter((ticket) => ticket.state === 'holding' && test(ticket)).length;

  const admission: Admission = createAdmission({
    runningLimit: setting.runningLimit,
    functionLimitOf: (id) => functionLimits[Number(id)] ?? 0,
    termsOf: (id) => ({
      limit: triggerLimits[Number(id)] ?? 0,
      held: held.has(Number(id)),
      catchingUp: catchingUp.has(Number(id)),
    }),
    onSlot: (ticket) => {
      const { triggerId, functionId, orderingKey } = ticket.info;
      expect(ticket.state).toBe('holding');
      expect(held.has(Number(triggerId))).toBe(false);
      const isReplayed = ticket.info.replayId !== undefined;
      expect(isReplayed || !catchingUp.has(Number(triggerId))).toBe(true);
      expect(holding(() => true)).toBeLessThanOrEqual(setting.runningLimit);
      expect(holding(({ info }) => info.functionId === functionId)).toBeLessThanOrEqual(
        functionLimits[Number(functionId)] ?? 0,
      );
      const isBeside = ({ info }: Ticket): boolean =>
        info.triggerId === triggerId && info.functionId === functionId;
      expect(holding(isBeside)).toBeLessThanOrEqual(triggerLimits[Number(triggerId)] ?? 0);
      const earlier = tickets.filter(
        (other) =>
          isBeside(other) &&
          other.ordinal < ticket.ordinal &&
          other.state !== 'ended' &&
          other.state !== 'behind',
      );
      // What was live waited until the trigger had caught up, and joined the line behind all that was past.
      const joinedLater = ({ info, state }: Ticket): boolean =>
        isReplayed &&
        info.replayId === undefined &&
        state === 'blocked' &&
        setting.catchingUp?.includes(Number(triggerId)) === true;
      const sameKey = earlier.filter(
        (other) => other.info.orderingKey === orderingKey && !joinedLater(other),
      );
      if (orderingKey !== null) expect(sameKey).toEqual([]);
      const isLive = ({ info }: Ticket): boolean => info.replayId === undefined;
      const ready = earlier.filter(({ state }) => state === 'ready');
      expect(isLive(ticket) ? ready.filter(isLive) : ready).toEqual([]);
      // Nothing live that could have had the slot stands behind what is delivered again.
      const mayGo = ({ info }: Ticket): boolean =>
        !held.has(Number(info.triggerId)) &&
        holding(
          (other) =>
            other.info.triggerId === info.triggerId && other.info.functionId === info.functionId,
        ) < (triggerLimits[Number(info.triggerId)] ?? 0);
      const passedOver = tickets.filter(
        (other) =>
          other.state === 'ready' &&
          other.info.functionId === functionId &&
          isLive(other) &&
          mayGo(other),
      );
      if (!isLive(ticket)) expect(passedOver).toEqual([]);
      started.push(ticket);
    },
  });

  return {
    admission,
    tickets,
    started,
    held,
    catchingUp,
    functionLimits,
    triggerLimits,
    rebind(trigger: number, target: number): void {
      functionOf[trigger] = target % functionLimits.length;
    },
    in: (...states: readonly Ticket['state'][]) =>
      tickets.filter(({ state }) => states.includes(state)),
    enter(trigger: number, orderingKey: string | null, replayId?: string): Ticket {
      const info = {
        invocationId: String(tickets.length),
        workspace: 'acme',
        triggerId: String(trigger),
        functionId: String(functionOf[trigger]),
        orderingKey,
        timeoutMs: 1,
        correlationId: '',
        replayId,
      };
      const ticket = new Ticket(info, tickets.length);
      tickets.push(ticket);
      admission.enter(ticket);
      return ticket;
    },
  };
};

type Model = ReturnType<typeof createModel>;
type Step =
  | {
      readonly do: 'enter';
      readonly trigger: number;
      readonly key: string | null;
      readonly replayId: string | undefined;
    }
  | { readonly do: 'end' | 'wait' | 'resume' | 'cancel'; readonly pick: number }
  | { readonly do: 'hold' | 'release' | 'catchUp'; readonly trigger: number }
  | { readonly do: 'rebind'; readonly trigger: number; readonly target: number }
  | { readonly do: 'limit'; readonly trigger: number; readonly limit: number };

const pickFrom = (tickets: readonly Ticket[], pick: number): Ticket | undefined =>
  tickets[pick % Math.max(1, tickets.length)];

const steps: {
  readonly [D in Step['do']]: (model: Model, step: Extract<Step, { do: D }>) => void;
} = {
  enter: (model, { trigger, key, replayId }) => void model.enter(trigger, key, replayId),
  end: (model, { pick }) => {
    const ticket = pickFrom(model.in('holding'), pick);
    if (ticket) model.admission.end(ticket);
  },
  wait: (model, { pick }) => {
    const ticket = pickFrom(model.in('holding'), pick);
    if (ticket) model.admission.wait(ticket);
  },
  resume: (model, { pick }) => {
    const ticket = pickFrom(model.in('waiting'), pick);
    if (ticket) model.admission.resume(ticket);
  },
  cancel: (model, { pick }) => {
    const ticket = pickFrom(model.in('behind', 'blocked', 'ready', 'waiting', 'holding'), pick);
    if (ticket) model.admission.end(ticket);
  },
  hold: (model, { trigger }) => {
    model.held.add(trigger);
    model.admission.termsChanged(String(trigger));
  },
  release: (model, { trigger }) => {
    model.held.delete(trigger);
    model.admission.termsChanged(String(trigger));
  },
  catchUp: (model, { trigger }) => {
    model.catchingUp.delete(trigger);
    model.admission.caughtUp();
  },
  rebind: (model, { trigger, target }) => model.rebind(trigger, target),
  limit: (model, { trigger, limit }) => {
    model.triggerLimits[trigger] = limit;
    model.admission.termsChanged(String(trigger));
  },
};

const triggers = 4;

/** Everything may run, and whatever runs ends, until nothing moves any more. */
const drain = (model: Model): void => {
  model.held.clear();
  model.catchingUp.clear();
  model.admission.caughtUp();
  for (let n = 0; n < triggers; n += 1) model.admission.termsChanged(String(n));
  for (let round = 0; round <= 2 * model.tickets.length; round += 1) {
    for (const ticket of model.in('waiting')) model.admission.resume(ticket);
    for (const ticket of model.in('holding')) model.admission.end(ticket);
  }
};

const aTrigger = fc.nat(triggers - 1);
const aLimit = fc.integer({ min: 1, max: 3 });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('enter' as const),
      trigger: aTrigger,
      key: fc.constantFrom(null, 'a', 'b'),
      replayId: fc.constantFrom(undefined, undefined, 'replay'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('end' as const, 'wait' as const, 'resume' as const, 'cancel' as const),
      pick: fc.nat(),
    }),
  },
  fc.record({
    do: fc.constantFrom('hold' as const, 'release' as const, 'catchUp' as const),
    trigger: aTrigger,
  }),
  fc.record({ do: fc.constant('rebind' as const), trigger: aTrigger, target: fc.nat(1) }),
  fc.record({ do: fc.constant('limit' as const), trigger: aTrigger, limit: aLimit }),
);

const aSetting: fc.Arbitrary<Setting> = fc.record({
  functionLimits: fc.array(aLimit, { minLength: 1, maxLength: 2 }),
  triggerLimits: fc.array(aLimit, { minLength: triggers, maxLength: triggers }),
  runningLimit: fc.integer({ min: 1, max: 4 }),
  catchingUp: fc.uniqueArray(aTrigger),
});

describe('admission', () => {
  it('keeps limits and order, and starts everything in the end', () => {
    fc.assert(
      fc.property(aSetting, fc.array(aStep, { maxLength: 120 }), (setting, history) => {
        const model = createModel(setting);
        for (const step of history) {
          (steps[step.do] as (model: Model, step: Step) => void)(model, step);
        }
        drain(model);
        expect(model.in('behind', 'blocked', 'ready', 'holding', 'waiting')).toEqual([]);
        expect(model.admission.running).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  const wide = { functionLimits: [1], triggerLimits: [9, 9, 9, 9], runningLimit: 9 };

  it('lets the triggers of one function take turns', () => {
    const model = createModel(wide);
    for (let n = 0; n < 6; n += 1) model.enter(0, null);
    for (let n = 0; n < 2; n += 1) model.enter(1, null);
    model.enter(2, null);
    for (let n = 0; n < 9; n += 1)
      for (const ticket of model.in('holding')) model.admission.end(ticket);
    const order = model.started.map(({ info }) => info.triggerId).join('');
    expect(order).toBe('001201000');
  });

  it('holds to the limit of the function that is called, also where a trigger was given another', () => {
    const model = createModel({ ...wide, functionLimits: [5, 1] });
    model.enter(0, null);
    model.rebind(0, 1);
    for (let n = 0; n < 3; n += 1) model.enter(0, null);
    expect(model.in('holding').map(({ info }) => info.functionId)).toEqual(['0', '1']);
    // What is bound for a function that is full keeps nobody from another.
    model.rebind(0, 0);
    model.enter(0, null);
    expect(model.in('holding').map(({ info }) => info.functionId)).toEqual(['0', '1', '0']);
    for (let n = 0; n < 4; n += 1)
      for (const ticket of model.in('holding')) model.admission.end(ticket);
    expect(model.admission.openOf('0')).toBe(0);
  });

  it('lets what is live go before what is delivered again, whichever trigger it is of', () => {
    const model = createModel(wide);
    const first = model.enter(0, null, 'replay');
    for (let n = 0; n < 3; n += 1) model.enter(0, null, 'replay');
    for (const trigger of [1, 0, 1]) model.enter(trigger, null);
    model.admission.end(first);
    for (let n = 0; n < 9; n += 1)
      for (const ticket of model.in('holding')) model.admission.end(ticket);
    const order = model.started.map(({ info: { triggerId, replayId } }) =>
      replayId === undefined ? `live ${triggerId}` : triggerId,
    );
    expect(order).toEqual(['0', 'live 1', 'live 0', 'live 1', '0', '0', '0']);
  });

  it('starts nothing live of a trigger that is catching up, and keeps no key from its past', () => {
    const model = createModel({ ...wide, catchingUp: [0] });
    const [live, other] = [model.enter(0, 'k'), model.enter(0, 'k')];
    const past = model.enter(0, 'k', 'replay');
    expect([live, other, past].map(({ state }) => state)).toEqual(['behind', 'behind', 'holding']);
    model.catchingUp.clear();
    model.admission.caughtUp();
    expect([live, other].map(({ state }) => state)).toEqual(['blocked', 'blocked']);
    model.admission.end(past);
    expect([live, other].map(({ state }) => state)).toEqual(['holding', 'blocked']);
  });

  it('starts what one trigger accepted in that order', () => {
    const model = createModel(wide);
    for (let n = 0; n < 5; n += 1) model.enter(0, null);
    for (let n = 0; n < 5; n += 1)
      for (const ticket of model.in('holding')) model.admission.end(ticket);
    expect(model.started.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps a key blocked while its holder waits for a retry', () => {
    const model = createModel({ ...wide, functionLimits: [9] });
    const [first, second] = [model.enter(0, 'k'), model.enter(0, 'k')];
    model.admission.wait(first);
    expect(second.state).toBe('blocked');
    model.admission.resume(first);
    expect(first.state).toBe('holding');
    model.admission.end(first);
    expect(second.state).toBe('holding');
  });

  it('does not let a function at its limit keep others from starting', () => {
    const model = createModel({
      functionLimits: [1, 1],
      triggerLimits: [9, 9, 9, 9],
      runningLimit: 2,
    });
    model.enter(0, null);
    for (let n = 0; n < 100; n += 1) model.enter(0, null);
    expect(model.enter(1, null).state).toBe('holding');
  });

  it('gives no slot any more once it is closed', () => {
    const model = createModel(wide);
    model.enter(0, null);
    const second = model.enter(0, null);
    model.admission.close();
    for (const ticket of model.in('holding')) model.admission.end(ticket);
    expect(second.state).toBe('ready');
  });
});
