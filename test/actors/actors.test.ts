import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actors, createActors } from '../../src/actors/actors.ts';
import type { Address } from '../../src/actors/address.ts';
import {
  arrivalAddress,
  claimAddress,
  refusalAddress,
  triggerAddress,
} from '../../src/actors/addresses.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { type ErrorCode, isTriplineError, TriplineError } from '../../src/domain/errors.ts';
import type { DataOf, Envelope } from '../../src/domain/events.ts';
import type { EventStore, NewEvent } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { arrived, now, triggerDefinition } from '../domain/examples.ts';

const envelope: Envelope = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: now,
  $correlationId: 'correlation-1',
};

/** A store that counts what it is asked, and fails as it is told. */
const watched = (inner: EventStore = readsFacts(createMemoryStore()), exclusive = true) => {
  const reads: string[] = [];
  const appends: (readonly NewEvent[])[] = [];
  /** For the next appends, one each: fail before storing, or after. */
  const faults: { readonly code: ErrorCode; readonly stored: boolean }[] = [];
  const store: EventStore = {
    ...inner,
    exclusive,
    readStream: async (stream, options) => {
      reads.push(stream);
      return await inner.readStream(stream, options);
    },
    append: async (stream, expected, events) => {
      appends.push(events);
      const fault = faults.shift();
      if (fault === undefined || fault.stored) await inner.append(stream, expected, events);
      if (fault !== undefined) throw new TriplineError(fault.code, 'as told');
      return await inner.append(stream, expected, events);
    },
  };
  return { store, inner, reads, appends, faults };
};

const setUp = (cacheSize?: number) => {
  const watch = watched();
  const actors = createActors({
    store: watch.store,
    chance: systemChance,
    ...(cacheSize && { cacheSize }),
  });
  return { ...watch, actors };
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    return isTriplineError(error) ? error.code : String(error);
  }
};

const address = triggerAddress('trigger-1');
const register = { type: 'RegisterTrigger', ...triggerDefinition, isSystem: false } as const;
const pause = { type: 'PauseTrigger', reason: 'by hand' } as const;
const resume = { type: 'ResumeTrigger' } as const;
const rename = (name: string) => ({ type: 'ReviseTrigger', name }) as const;

const refused: DataOf<'RequestRefused'> = {
  method: 'POST',
  route: '/functions',
  target: null,
  code: 'forbidden',
  suppressed: 0,
};

const typesIn = async (store: EventStore, { stream }: { readonly stream: string }) =>
  (await store.readStream(stream)).map(({ type }) => type);

describe('asking', () => {
  it('records the facts with who, why and which version, and says where', async () => {
    const { actors, inner } = setUp();
    const answered = await actors.ask(address, register, { ...envelope, causationId: 'cause-1' });
    const [event] = await inner.readStream(address.stream);
    expect(event).toMatchObject({
      type: 'TriggerRegistered',
      revision: 0,
      position: answered.position,
      metadata: {
        workspace: 'acme',
        actor: 'user:ann',
        occurredAt: now,
        schemaVersion: 1,
        $correlationId: 'correlation-1',
        $causationId: 'cause-1',
      },
    });
    expect(answered).toMatchObject({ revision: 0, state: { value: 'active' } });
    expect(answered.facts).toHaveLength(1);
  });

  it('appends nothing for a command that has been fulfilled, and still says where that was', async () => {
    const { actors, appends } = setUp();
    const { position } = await actors.ask(address, register, envelope);
    const again = await actors.ask(address, resume, envelope);
    expect(again).toMatchObject({ facts: [], revision: 0, position });
    expect(appends).toHaveLength(1);
  });

  it('passes a refusal on, records nothing and keeps what it knows', async () => {
    const { actors, appends, reads } = setUp();
    await actors.ask(address, register, envelope);
    await actors.ask(address, { type: 'RetireTrigger' }, envelope);
    expect(await codeOf(actors.ask(address, pause, envelope))).toBe('illegal-transition');
    expect(await codeOf(actors.ask(address, pause, envelope))).toBe('illegal-transition');
    expect({ appends: appends.length, reads: reads.length }).toEqual({ appends: 2, reads: 1 });
  });

  it('knows an entity it has never seen from the whole of its stream', async () => {
    const { actors, store } = setUp();
    await actors.ask(address, register, envelope);
    for (let n = 0; n < 1_005; n += 1) await actors.ask(address, rename(`n${n}`), envelope);
    const { state, revision } = await createActors({ store, chance: systemChance }).read(address);
    expect([state.context.name, state.context.version, revision]).toEqual(['n1004', 1_006, 1_005]);
  });

  it('decides only at the revision that was asked for', async () => {
    const { actors } = setUp();
    await actors.ask(address, register, envelope);
    const at = (ifRevision: number) => actors.ask(address, pause, envelope, { ifRevision });
    expect(await codeOf(at(5))).toBe('precondition-failed');
    expect(await codeOf(at(0))).toBe('done');
  });

  it('records which request led to a fact, beside what caused it', async () => {
    const { actors, inner } = setUp();
    const fingerprint = { value: 'c2VhbGVk', encrypted: true, keyVersion: 1 } as const;
    const idempotency = { request: 'request-1', fingerprint };
    await actors.ask(address, register, { ...envelope, idempotency });
    await actors.ask(address, pause, { ...envelope, idempotency, causationId: 'cause-1' });
    await actors.ask(address, resume, envelope);
    const [first, second, third] = await inner.readStream(address.stream);
    expect(first?.metadata).toStrictEqual({ ...envelope, schemaVersion: 1, idempotency });
    expect(second?.metadata).toMatchObject({ idempotency, $causationId: 'cause-1' });
    expect(third?.metadata).toStrictEqual({ ...envelope, schemaVersion: 1 });
  });

  it('tells how far the log is known to go, and never less than before', async () => {
    const { actors } = setUp();
    expect(actors.acknowledged).toBeUndefined();
    const first = await actors.ask(address, register, envelope);
    expect(actors.acknowledged).toBe(first.position);
    const second = await actors.ask(triggerAddress('trigger-2'), register, envelope);
    expect(actors.acknowledged).toBe(second.position);
    await actors.ask(address, resume, envelope);
    expect(actors.acknowledged).toBe(second.position);
  });

  it('refuses to decide on what a later release has recorded', async () => {
    const { actors, inner } = setUp();
    const metadata = { ...envelope, schemaVersion: 1 };
    const admired = { id: systemChance.newId(), type: 'TriggerAdmired', data: {}, metadata };
    await inner.append(address.stream, 'no_stream', [admired]);
    expect(await codeOf(actors.ask(address, register, envelope))).toBe('corrupt-stream');
  });
});

describe('the way of an arrival', () => {
  const record = { type: 'RecordArrival', ...arrived.data } as const;

  it('costs no read', async () => {
    const { actors, reads, appends } = setUp();
    await actors.ask(arrivalAddress('arrival-1'), record, envelope);
    expect({ reads: reads.length, appends: appends.length }).toEqual({ reads: 0, appends: 1 });
  });

  it('finds the repetition of a fresh command, in this process and in another', async () => {
    const { actors, store, inner } = setUp();
    const first = await actors.ask(arrivalAddress('arrival-1'), record, envelope);
    const other = { ...record, deliveryId: 'other' };
    for (const process of [actors, createActors({ store, chance: systemChance })]) {
      const again = await process.ask(arrivalAddress('arrival-1'), other, envelope);
      expect(again).toMatchObject({ facts: [], revision: 0, position: first.position });
      expect(again.state.context.arrivalId).toBe(record.arrivalId);
    }
    expect(await typesIn(inner, arrivalAddress('arrival-1'))).toEqual(['EventArrived']);
  });

  it('gives no refusal on a mere assumption', async () => {
    const { actors, store } = setUp();
    await actors.ask(arrivalAddress('arrival-1'), record, envelope);
    const note = { type: 'NoteRepeat', sameBody: true, remote: null } as const;
    const noted = await createActors({ store, chance: systemChance }).ask(
      arrivalAddress('arrival-1'),
      note,
      envelope,
    );
    expect(noted.facts).toHaveLength(1);
    const nowhere = actors.ask(arrivalAddress('arrival-2'), note, envelope);
    expect(await codeOf(nowhere)).toBe('not-found');
  });
});

describe('a conflict', () => {
  it('leads to a new decision on what has really happened', async () => {
    const { actors, store, inner } = setUp();
    await actors.ask(address, register, envelope);
    await createActors({ store, chance: systemChance }).ask(address, rename('elsewhere'), envelope);
    const { state, revision } = await actors.ask(
      address,
      { type: 'ReviseTrigger', description: 'here' },
      envelope,
    );
    expect(state.context).toMatchObject({ name: 'elsewhere', description: 'here', version: 3 });
    expect(revision).toBe(2);
    expect(await typesIn(inner, address)).toHaveLength(3);
  });

  it('is given up on after three new decisions', async () => {
    const { actors, faults, appends } = setUp();
    const conflict = { code: 'wrong-expected-revision', stored: false } as const;
    faults.push(conflict, conflict, conflict, conflict);
    expect(await codeOf(actors.ask(address, register, envelope))).toBe('wrong-expected-revision');
    expect(appends).toHaveLength(4);
    faults.push(conflict, conflict, conflict);
    expect(await codeOf(actors.ask(address, register, envelope))).toBe('done');
  });
});

describe('an unknown outcome', () => {
  const unknown = (stored: boolean) => ({ code: 'outcome-unknown', stored }) as const;

  it.each([true, false])('is resolved by the same ids once more (stored: %s)', async (stored) => {
    const { actors, faults, appends, inner } = setUp();
    faults.push(unknown(stored));
    const { revision } = await actors.ask(address, register, envelope);
    expect(revision).toBe(0);
    expect(appends[0]).toEqual(appends[1]);
    expect(await typesIn(inner, address)).toEqual(['TriggerRegistered']);
  });

  it('goes up when it stays unknown, and what was known is forgotten', async () => {
    const { actors, faults, reads } = setUp();
    await actors.ask(address, register, envelope);
    faults.push(unknown(true), unknown(true));
    expect(await codeOf(actors.ask(address, pause, envelope))).toBe('outcome-unknown');
    const before = reads.length;
    expect((await actors.ask(address, pause, envelope)).facts).toEqual([]);
    expect(reads.length).toBe(before + 1);
  });
});

describe('an unknown outcome that the store then has no room to tell', () => {
  it('stays unknown: what may be there keeps its names', async () => {
    const { actors, faults, inner } = setUp();
    faults.push({ code: 'outcome-unknown', stored: true }, { code: 'disk-full', stored: false });
    expect(await codeOf(actors.ask(address, register, envelope))).toBe('outcome-unknown');
    expect(await typesIn(inner, address)).toEqual(['TriggerRegistered']);
  });
});

describe('what is kept in memory', () => {
  it('is dropped on any error of the store', async () => {
    const { actors, faults, reads } = setUp();
    await actors.ask(address, register, envelope);
    faults.push({ code: 'disk-full', stored: false });
    expect(await codeOf(actors.ask(address, pause, envelope))).toBe('disk-full');
    await actors.ask(address, pause, envelope);
    expect(reads).toHaveLength(2);
  });

  it('is nothing of what nobody will ask about again', async () => {
    const { actors, reads } = setUp(1);
    await actors.ask(address, register, envelope);
    const record = { type: 'RecordArrival', ...arrived.data } as const;
    await actors.ask(arrivalAddress('arrival-1'), record, envelope);
    const note = { type: 'NoteRefusal', ...refused } as const;
    await actors.ask(refusalAddress('refusal-1'), note, envelope);
    await actors.read(address);
    expect(reads).toEqual([address.stream]);
    await actors.ask(refusalAddress('refusal-1'), note, envelope);
    expect(reads).toEqual([address.stream, 'refusal-refusal-1']);
  });

  it('is bounded, and what was used last stays', async () => {
    const { actors, reads } = setUp(2);
    const read = async (id: string) => await actors.read(triggerAddress(id));
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await read(id);
    expect(reads).toEqual(['trigger-a', 'trigger-b', 'trigger-c', 'trigger-b']);
  });

  it('is not trusted for a refusal, for nothing to do or for reading where others write too', async () => {
    const { store } = watched(readsFacts(createMemoryStore()), false);
    const here = createActors({ store, chance: systemChance });
    const there = createActors({ store, chance: systemChance });
    await here.ask(address, register, envelope);
    await there.ask(address, pause, envelope);
    expect((await here.ask(address, resume, envelope)).facts).toHaveLength(1);
    expect((await there.read(address)).state.value).toBe('active');
    await here.ask(address, { type: 'RetireTrigger' }, envelope);
    expect(await codeOf(there.ask(address, pause, envelope))).toBe('illegal-transition');
  });
});

describe('many at once', () => {
  it('are answered in the order they came, per stream', async () => {
    const { actors, inner } = setUp();
    await actors.ask(address, register, envelope);
    const names = Array.from({ length: 50 }, (_, n) => `n${n}`);
    const answers = await Promise.all(
      names.map((name) => actors.ask(address, rename(name), envelope)),
    );
    expect(answers.map(({ revision }) => revision)).toEqual(names.map((_, n) => n + 1));
    const recorded = (await inner.readStream(address.stream)).slice(1);
    expect(recorded.map(({ data }) => (data as { name: string }).name)).toEqual(names);
  });

  it('do not wait for other streams', async () => {
    const { inner, store } = watched();
    const open: (() => void)[] = [];
    const slow: EventStore = {
      ...store,
      append: async (stream, expected, events) => {
        if (stream === 'trigger-slow') await new Promise<void>((resolve) => open.push(resolve));
        return await inner.append(stream, expected, events);
      },
    };
    const actors = createActors({ store: slow, chance: systemChance });
    const waiting = actors.ask(triggerAddress('slow'), register, envelope);
    await actors.ask(address, register, envelope);
    let isIdle = false;
    const idle = actors.idle().then(() => {
      isIdle = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIdle).toBe(false);
    for (const resolve of open) resolve();
    await idle;
    expect(await codeOf(waiting)).toBe('done');
  });

  it('go on after one was refused', async () => {
    const { actors } = setUp();
    const asked = [pause, register, pause].map((command) =>
      codeOf(actors.ask(address, command, envelope)),
    );
    expect(await Promise.all(asked)).toEqual(['not-found', 'done', 'done']);
  });

  it('of several processes lose nothing and never hold one name twice, in any interleaving', async () => {
    const holders = fc.constantFrom('a', 'b', 'c');
    const commands = fc.record({
      process: fc.nat({ max: 2 }),
      type: fc.constantFrom('ClaimName' as const, 'ReleaseName' as const),
      holder: holders,
    });
    const name = { kind: 'trigger-name', name: 'same' } as const;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(commands, { maxLength: 15 }), async (s, asked) => {
        const inner = readsFacts(createMemoryStore());
        const store: EventStore = {
          ...inner,
          exclusive: false,
          append: s.scheduleFunction((...all: Parameters<EventStore['append']>) =>
            inner.append(...all),
          ),
          readStream: s.scheduleFunction((...all: Parameters<EventStore['readStream']>) =>
            inner.readStream(...all),
          ),
        };
        const processes: Actors[] = [0, 1, 2].map(() =>
          createActors({ store, chance: systemChance }),
        );
        const where: Address<unknown, { type: string }> = claimAddress('acme', name) as never;
        const answers = asked.map(async ({ process, ...command }) =>
          codeOf((processes[process] as Actors).ask(where, { ...name, ...command }, envelope)),
        );
        await s.waitFor(Promise.all(answers));
        const codes = new Set(await Promise.all(answers));
        for (const code of codes) {
          expect(['done', 'name-taken', 'wrong-expected-revision']).toContain(code);
        }
        // Folding refuses a second claim without a release between, so reading proves the history.
        await createActors({ store: inner, chance: systemChance }).read(where);
        await inner.close();
      }),
      { numRuns: 150 },
    );
  });
});
