import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createActors } from '../../src/actors/actors.ts';
import { triggerAddress } from '../../src/actors/addresses.ts';
import { createRegistrar, type Registrar } from '../../src/actors/registrar.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import type { Envelope } from '../../src/domain/events.ts';
import { triggerClaims } from '../../src/domain/trigger/claims.ts';
import { isLive } from '../../src/domain/trigger/decider.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { now, triggerDefinition } from '../domain/examples.ts';

const envelope: Envelope = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: now,
  $correlationId: 'c',
};
const clock = { now: () => Date.parse(now) };

const ids = ['t1', 't2', 't3', 't4'];
const names = ['one', 'two', 'three'];
const steps = fc.record({
  kind: fc.constantFrom('register' as const, 'revise' as const, 'retire' as const),
  id: fc.constantFrom(...ids),
  name: fc.constantFrom(...names),
  path: fc.constantFrom('/a', '/b', 'b'),
});
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

const register = (triggerId: string, name: string, path: string) =>
  ({
    type: 'RegisterTrigger',
    ...triggerDefinition,
    triggerId,
    name,
    triggerMetadata: { path },
    isSystem: false,
  }) as const;

const take = async (registrar: Registrar, { kind, id, name, path }: Step): Promise<unknown> => {
  if (kind === 'register')
    return await registrar.registerTrigger(register(id, name, path), envelope);
  if (kind === 'retire') return await registrar.retireTrigger(id, envelope);
  const change = { type: 'ReviseTrigger', name, triggerMetadata: { path } } as const;
  return await registrar.reviseTrigger(id, change, envelope);
};

const registrarOn = (store: EventStore): Registrar =>
  createRegistrar({ actors: createActors({ store, chance: systemChance }), store, clock });

it('never lets two live triggers bear one name or path, and blocks nothing for ever', async () => {
  // Which appends fail as at a crash: nothing of them is stored, and nothing tidies up after them.
  const crashes = fc.array(fc.nat({ max: 3 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(steps, { maxLength: 12 }),
      crashes,
      async (s, plan, faults) => {
        const inner = readsFacts(createMemoryStore());
        const scheduled = s.scheduleFunction((...all: Parameters<EventStore['append']>) =>
          faults.shift() === 3
            ? Promise.reject(new TriplineError('store-unavailable', 'as planned'))
            : inner.append(...all),
        );
        const registrar = registrarOn({ ...inner, append: scheduled });
        await s.waitFor(Promise.allSettled(plan.map((step) => take(registrar, step))));

        const actors = createActors({ store: inner, chance: systemChance });
        const standings = await Promise.all(ids.map((id) => actors.read(triggerAddress(id))));
        const borne = standings
          .filter(({ state }) => isLive(state))
          .flatMap(({ state }) => triggerClaims(state.context))
          .map(({ kind, name }) => `${kind} ${name}`);
        expect(new Set(borne).size).toBe(borne.length);

        // A process that starts afterwards can give away whatever is not borne, and nothing else.
        const next = registrarOn(inner);
        for (const name of names) {
          const free = !borne.includes(`trigger-name ${name}`);
          const work = next.registerTrigger(
            register(`new ${name}`, name, `/new/${name}`),
            envelope,
          );
          const taken = await work.then(
            () => false,
            () => true,
          );
          expect({ name, taken }).toEqual({ name, taken: !free });
        }
        await inner.close();
      },
    ),
    { numRuns: 300 },
  );
});
