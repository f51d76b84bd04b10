import { describe, expect, it } from 'vitest';
import { createActors } from '../../src/actors/actors.ts';
import { claimAddress, triggerAddress } from '../../src/actors/addresses.ts';
import { claimGraceMs } from '../../src/actors/claims.ts';
import { createRegistrar } from '../../src/actors/registrar.ts';
import { isTriplineError, TriplineError } from '../../src/domain/errors.ts';
import type { Envelope } from '../../src/domain/events.ts';
import type { EventStore } from '../../src/store/event-store.ts';
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

const setUp = (store: EventStore = createMemoryStore(), at = Date.parse(now)) => {
  const actors = createActors({ store });
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
const failingOn = (store: EventStore, prefix: string, code: 'store-unavailable'): EventStore => ({
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
    const store = shared(createMemoryStore());
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
    const store = shared(createMemoryStore());
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
    const { store, registrar } = setUp(shared(createMemoryStore()));
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

describe('a refusal', () => {
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
