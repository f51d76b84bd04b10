import { describe, expect, it } from 'vitest';
import { createActors } from '../../src/actors/actors.ts';
import { claimAddress, triggerAddress } from '../../src/actors/addresses.ts';
import { claimGraceMs } from '../../src/actors/claims.ts';
import { createRegistrar } from '../../src/actors/registrar.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { type ErrorCode, isTriplineError, TriplineError } from '../../src/domain/errors.ts';
import type { Envelope } from '../../src/domain/events.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { functionDefinition, now, triggerDefinition } from '../domain/examples.ts';

const envelope: Envelope = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: now,
  $correlationId: 'correlation-1',
};

const registerTrigger = (triggerId: string, name: string, path = `/${triggerId}`) =>
  ({
    type: 'RegisterTrigger',
    ...triggerDefinition,
    triggerId,
    name,
    triggerMetadata: { path },
    isSystem: false,
  }) as const;

const registerFunction = (functionId: string, name: string) =>
  ({ type: 'RegisterFunction', ...functionDefinition, functionId, name }) as const;

const setUp = (store: EventStore = readsFacts(createMemoryStore()), at = Date.parse(now)) => {
  const actors = createActors({ store, chance: systemChance });
  return { store, actors, registrar: createRegistrar({ actors, store, clock: { now: () => at } }) };
};

const outcomeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    return isTriplineError(error) ? error.code : String(error);
  }
};

/** As a store that more than one process writes to. */
const shared = (store: EventStore): EventStore => ({ ...store, exclusive: false });

/** Refuses appends to streams that begin so, as a crash at that point would. */
const failingOn = (store: EventStore, prefix: string, code: ErrorCode): EventStore => ({
  ...store,
  append: async (stream, expected, events) => {
    if (stream.startsWith(prefix)) throw new TriplineError(code, 'as if the process had died');
    return await store.append(stream, expected, events);
  },
});

const nameClaim = claimAddress('acme', { kind: 'trigger-name', name: 'on push' });

describe('the registrar', () => {
  it('lets one of ten parallel registrations of a name win', async () => {
    const { registrar } = setUp();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        outcomeOf(registrar.registerTrigger(registerTrigger(`t${n}`, 'same'), envelope)),
      ),
    );
    expect(outcomes.sort()).toEqual(['done', ...Array(9).fill('name-taken')]);
  });

  it('lets one of ten processes that share a store win', async () => {
    const store = shared(readsFacts(createMemoryStore()));
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        outcomeOf(
          setUp(store).registrar.registerFunction(registerFunction(`f${n}`, 'same'), envelope),
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['done', ...Array(9).fill('name-taken')]);
  });

  it('lets one of ten parallel registrations of a path win, and the losers keep no name', async () => {
    const { registrar } = setUp();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        outcomeOf(
          registrar.registerTrigger(
            registerTrigger(`t${n}`, `name ${n}`, n % 2 ? '/hook' : 'hook'),
            envelope,
          ),
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['done', ...Array(9).fill('path-taken')]);
    const again = Array.from({ length: 10 }, (_, n) =>
      outcomeOf(registrar.registerTrigger(registerTrigger(`u${n}`, `name ${n}`), envelope)),
    );
    expect((await Promise.all(again)).filter((outcome) => outcome === 'done')).toHaveLength(9);
  });

  it('keeps names of workspaces and of entities apart', async () => {
    const { registrar } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'same'), envelope);
    await registrar.registerFunction(registerFunction('f1', 'same'), envelope);
    const elsewhere = { ...envelope, workspace: 'other' };
    await registrar.registerTrigger(registerTrigger('t2', 'same', '/t1'), elsewhere);
  });

  it('frees name and path of what was retired', async () => {
    const { registrar } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'on push', '/hook'), envelope);
    await registrar.retireTrigger('t1', envelope);
    const { id, position } = await registrar.registerTrigger(
      registerTrigger('t2', 'on push', '/hook'),
      envelope,
    );
    expect({ id, known: position !== undefined }).toEqual({ id: 't2', known: true });
  });

  it('moves the claim along with a rename', async () => {
    const { registrar, actors } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'on push'), envelope);
    await registrar.reviseTrigger('t1', { type: 'ReviseTrigger', name: 'on pull' }, envelope);
    await registrar.registerTrigger(registerTrigger('t2', 'on push'), envelope);
    const third = registrar.registerTrigger(registerTrigger('t3', 'on pull'), envelope);
    expect(await outcomeOf(third)).toBe('name-taken');
    expect((await actors.read(nameClaim)).state.context.holder).toBe('t2');
  });

  it('changes nothing when the new path is taken', async () => {
    const { registrar, actors } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'one', '/one'), envelope);
    await registrar.registerTrigger(registerTrigger('t2', 'two', '/two'), envelope);
    const change = {
      type: 'ReviseTrigger',
      name: 'new',
      triggerMetadata: { path: '/one' },
    } as const;
    expect(await outcomeOf(registrar.reviseTrigger('t2', change, envelope))).toBe('path-taken');
    expect((await actors.read(triggerAddress('t2'))).state.context.name).toBe('two');
    await registrar.registerTrigger(registerTrigger('t3', 'new'), envelope);
  });

  it('keeps the name of a trigger whose new path is taken', async () => {
    const { registrar } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'one', '/one'), envelope);
    await registrar.registerTrigger(registerTrigger('t2', 'two', '/two'), envelope);
    const change = { type: 'ReviseTrigger', triggerMetadata: { path: '/one' } } as const;
    expect(await outcomeOf(registrar.reviseTrigger('t2', change, envelope))).toBe('path-taken');
    const third = registrar.registerTrigger(registerTrigger('t3', 'two'), envelope);
    expect(await outcomeOf(third)).toBe('name-taken');
  });

  it('lets two triggers that want each other’s names go without either', async () => {
    const { registrar } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'one'), envelope);
    await registrar.registerTrigger(registerTrigger('t2', 'two'), envelope);
    const swap = [
      registrar.reviseTrigger('t1', { type: 'ReviseTrigger', name: 'two' }, envelope),
      registrar.reviseTrigger('t2', { type: 'ReviseTrigger', name: 'one' }, envelope),
    ];
    expect(await Promise.all(swap.map(outcomeOf))).toEqual(['name-taken', 'name-taken']);
  });

  it('refuses a change at another revision than the caller saw, and gives the new name back', async () => {
    const { registrar } = setUp();
    const { revision } = await registrar.registerTrigger(registerTrigger('t1', 'one'), envelope);
    const rename = { type: 'ReviseTrigger', name: 'two' } as const;
    const late = registrar.reviseTrigger('t1', rename, envelope, { ifRevision: 7 });
    expect(await outcomeOf(late)).toBe('precondition-failed');
    await registrar.registerTrigger(registerTrigger('t2', 'two'), envelope);
    expect(revision).toBe(0);
  });

  it('takes over the claim of a registration that a crash cut short', async () => {
    const { store, actors } = setUp();
    await actors.ask(
      nameClaim,
      { type: 'ClaimName', kind: 'trigger-name', name: 'on push', holder: 'dead' },
      envelope,
    );
    await setUp(store).registrar.registerTrigger(registerTrigger('t1', 'on push'), envelope);
  });

  it('waits in a shared store until the other process must have given up', async () => {
    const store = shared(readsFacts(createMemoryStore()));
    await setUp(store).actors.ask(
      nameClaim,
      { type: 'ClaimName', kind: 'trigger-name', name: 'on push', holder: 'elsewhere' },
      envelope,
    );
    const at = (later: number) =>
      setUp(store, Date.parse(now) + later).registrar.registerTrigger(
        registerTrigger('t1', 'on push'),
        envelope,
      );
    expect(await outcomeOf(at(claimGraceMs))).toBe('name-taken');
    expect(await outcomeOf(at(claimGraceMs + 1))).toBe('done');
  });

  it('takes over what a trigger kept because a crash came before the release', async () => {
    const { store, registrar } = setUp(shared(readsFacts(createMemoryStore())));
    await registrar.registerTrigger(registerTrigger('t1', 'on push', '/hook'), envelope);
    await setUp(failingOn(store, 'claim-', 'store-unavailable')).registrar.retireTrigger(
      't1',
      envelope,
    );
    expect((await setUp(store).actors.read(nameClaim)).state.value).toBe('held');
    await setUp(store).registrar.registerTrigger(
      registerTrigger('t2', 'on push', '/hook'),
      envelope,
    );
  });

  it('gives the claims back when the registration is refused by the store', async () => {
    const { store, actors } = setUp();
    const failing = setUp(failingOn(store, 'trigger-', 'store-unavailable')).registrar;
    const lost = failing.registerTrigger(registerTrigger('t1', 'on push'), envelope);
    expect(await outcomeOf(lost)).toBe('store-unavailable');
    expect((await actors.read(nameClaim)).state.value).toBe('free');
  });
});

describe('a function', () => {
  const rename = (name: string) => ({ type: 'ReviseFunction', name }) as const;

  it('takes its name along, and gives it back with its end', async () => {
    const { registrar } = setUp(shared(createMemoryStore()));
    await registrar.registerFunction(registerFunction('f1', 'one'), envelope);
    await registrar.reviseFunction('f1', rename('two'), envelope);
    const taken = registrar.registerFunction(registerFunction('f2', 'two'), envelope);
    expect(await outcomeOf(taken)).toBe('name-taken');
    await registrar.registerFunction(registerFunction('f3', 'one'), envelope);
    await registrar.retireFunction('f1', envelope);
    await registrar.registerFunction(registerFunction('f4', 'two'), envelope);
  });

  it('keeps its name against a process that starts later', async () => {
    const { store, registrar } = setUp();
    await registrar.registerFunction(registerFunction('f1', 'one'), envelope);
    const late = setUp(store).registrar.registerFunction(registerFunction('f2', 'one'), envelope);
    expect(await outcomeOf(late)).toBe('name-taken');
  });

  it('that never came to be, or bears another name, keeps none', async () => {
    const { store, actors, registrar } = setUp();
    await registrar.registerFunction(registerFunction('f1', 'one'), envelope);
    for (const [name, holder] of [
      ['two', 'f1'],
      ['three', 'never'],
    ] as const) {
      const claimed = { kind: 'function-name', name } as const;
      const claim = { type: 'ClaimName', ...claimed, holder } as const;
      await actors.ask(claimAddress('acme', claimed), claim, envelope);
      const work = setUp(store).registrar.registerFunction(registerFunction(name, name), envelope);
      expect(await outcomeOf(work)).toBe('done');
    }
  });

  it('whose end a crash cut short keeps nothing in a shared store either', async () => {
    const { store, registrar } = setUp(shared(createMemoryStore()));
    await registrar.registerFunction(registerFunction('f1', 'one'), envelope);
    const dying = setUp(failingOn(store, 'claim-', 'store-unavailable')).registrar;
    await dying.retireFunction('f1', envelope);
    await setUp(store).registrar.registerFunction(registerFunction('f2', 'one'), envelope);
  });

  it('that is retired cannot be revised, and the name asked for stays free', async () => {
    const { store, registrar } = setUp();
    await registrar.registerFunction(registerFunction('f1', 'one'), envelope);
    await registrar.retireFunction('f1', envelope);
    const before = (await store.readAll()).length;
    const late = registrar.reviseFunction('f1', rename('two'), envelope);
    expect(await outcomeOf(late)).toBe('illegal-transition');
    expect((await store.readAll()).length).toBe(before);
  });
});

describe('a name', () => {
  const lone = (name: string) => claimAddress('acme', { kind: 'trigger-name', name });

  it('is given back at once, not only when somebody asks for it', async () => {
    const { registrar, actors } = setUp(shared(createMemoryStore()));
    await registrar.registerTrigger(registerTrigger('t1', 'one', '/one'), envelope);
    await registrar.reviseTrigger('t1', { type: 'ReviseTrigger', name: 'two' }, envelope);
    expect((await actors.read(lone('one'))).state.value).toBe('free');
  });

  it('that is also the path of the trigger is a name of its own', async () => {
    const { registrar, actors } = setUp(shared(createMemoryStore()));
    await registrar.registerTrigger(registerTrigger('t1', 'hook', '/hook'), envelope);
    await registrar.reviseTrigger('t1', { type: 'ReviseTrigger', name: 'two' }, envelope);
    expect((await actors.read(lone('hook'))).state.value).toBe('free');
    const second = registrar.registerTrigger(registerTrigger('t2', 'hook', '/hook'), envelope);
    expect(await outcomeOf(second)).toBe('path-taken');
  });

  it('is not kept by what only has a path that reads the same', async () => {
    const { registrar, actors } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'one', '/hook'), envelope);
    const left = { kind: 'trigger-name', name: 'hook', holder: 't1' } as const;
    await actors.ask(lone('hook'), { type: 'ClaimName', ...left }, envelope);
    await registrar.registerTrigger(registerTrigger('t2', 'hook', '/other'), envelope);
    expect((await actors.read(lone('hook'))).state.context.holder).toBe('t2');
  });

  it('stays with what may exist when nobody knows whether it was registered', async () => {
    const { store, actors } = setUp();
    const failing = setUp(failingOn(store, 'trigger-', 'outcome-unknown')).registrar;
    const lost = failing.registerTrigger(registerTrigger('t1', 'on push'), envelope);
    expect(await outcomeOf(lost)).toBe('outcome-unknown');
    expect((await actors.read(nameClaim)).state.value).toBe('held');
  });

  it('is not looked into further when the store is away', async () => {
    let refusals = 1;
    const inner = createMemoryStore();
    const { registrar } = setUp({
      ...inner,
      append: async (...all) => {
        refusals -= 1;
        if (refusals >= 0) throw new TriplineError('store-unavailable', 'as told');
        return await inner.append(...all);
      },
    });
    const work = registrar.registerTrigger(registerTrigger('t1', 'on push'), envelope);
    expect(await outcomeOf(work)).toBe('store-unavailable');
    expect(await inner.readAll()).toEqual([]);
  });

  it('is left to the other process each time it is asked for too early', async () => {
    const store = shared(createMemoryStore());
    const elsewhere = { kind: 'trigger-name', name: 'on push', holder: 'elsewhere' } as const;
    await setUp(store).actors.ask(nameClaim, { type: 'ClaimName', ...elsewhere }, envelope);
    for (const id of ['t1', 't2', 't3']) {
      const early = setUp(store).registrar.registerTrigger(
        registerTrigger(id, 'on push'),
        envelope,
      );
      expect(await outcomeOf(early)).toBe('name-taken');
    }
  });

  it('that was taken anew is as young as its last claim', async () => {
    const store = shared(createMemoryStore());
    const { actors } = setUp(store);
    const named = { kind: 'trigger-name', name: 'on push' } as const;
    const at = (later: number) => ({
      ...envelope,
      occurredAt: new Date(Date.parse(now) + later).toISOString(),
    });
    await actors.ask(nameClaim, { type: 'ClaimName', ...named, holder: 'x' }, at(0));
    await actors.ask(nameClaim, { type: 'ReleaseName', holder: 'x' }, at(1));
    await actors.ask(nameClaim, { type: 'ClaimName', ...named, holder: 'y' }, at(2 * claimGraceMs));
    const { registrar } = setUp(store, Date.parse(now) + 2 * claimGraceMs + 1);
    const early = registrar.registerTrigger(registerTrigger('t1', 'on push'), envelope);
    expect(await outcomeOf(early)).toBe('name-taken');
  });

  it('that is given back between being refused and being looked into is free', async () => {
    const inner = shared(createMemoryStore());
    const other = setUp(inner);
    const named = { kind: 'trigger-name', name: 'on push' } as const;
    await other.actors.ask(nameClaim, { type: 'ClaimName', ...named, holder: 'x' }, envelope);
    let looks = 0;
    const store: EventStore = {
      ...inner,
      readStream: async (stream, options) => {
        looks += stream === nameClaim.stream ? 1 : 0;
        if (looks === 3) {
          await other.actors.ask(nameClaim, { type: 'ReleaseName', holder: 'x' }, envelope);
        }
        return await inner.readStream(stream, options);
      },
    };
    const work = setUp(store).registrar.registerTrigger(registerTrigger('t1', 'on push'), envelope);
    expect(await outcomeOf(work)).toBe('done');
  });
});

describe('a refusal', () => {
  it('to revise what is retired claims nothing', async () => {
    const { store, registrar } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'one'), envelope);
    await registrar.retireTrigger('t1', envelope);
    const before = (await store.readAll()).length;
    const late = registrar.reviseTrigger('t1', { type: 'ReviseTrigger', name: 'two' }, envelope);
    expect(await outcomeOf(late)).toBe('illegal-transition');
    expect((await store.readAll()).length).toBe(before);
  });

  it('leaves no claim behind where the path is taken or the revision is another', async () => {
    const { store, registrar } = setUp();
    await registrar.registerTrigger(registerTrigger('t1', 'one', '/in'), envelope);
    await registrar.registerTrigger(registerTrigger('t2', 'two', '/out'), envelope);
    const before = (await store.readAll()).length;
    const both = { name: 'three', triggerMetadata: { path: '/in' } };
    const outcomes = [
      await outcomeOf(registrar.registerTrigger(registerTrigger('t3', 'three', '/in'), envelope)),
      await outcomeOf(registrar.reviseTrigger('t2', { type: 'ReviseTrigger', ...both }, envelope)),
      await outcomeOf(
        registrar.reviseTrigger('t2', { type: 'ReviseTrigger', name: 'three' }, envelope, {
          ifRevision: 7,
        }),
      ),
    ];
    expect(outcomes).toEqual(['path-taken', 'path-taken', 'precondition-failed']);
    expect((await store.readAll()).length).toBe(before);
  });
});
