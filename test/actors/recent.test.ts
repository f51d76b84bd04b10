import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecent } from '../../src/actors/recent.ts';

type Entry = readonly [key: string, value: number];
type Step = readonly ['get' | 'set' | 'delete', key: string];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom('get', 'set', 'delete'), fc.constantFrom('a', 'b', 'c', 'd', 'e')),
);

/** What is kept, the entry used last first. */
const expected = (capacity: number, walk: readonly Step[]): readonly Entry[] =>
  walk.reduce<readonly Entry[]>((kept, [does, key], at) => {
    const others = kept.filter(([other]) => other !== key);
    const entry: Entry | undefined =
      does === 'set' ? [key, at] : kept.find(([other]) => other === key);
    return entry && does !== 'delete' ? [entry, ...others].slice(0, capacity) : others;
  }, []);

it('what is kept is what was used last; asking for what is not there takes no place', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (capacity, walk) => {
      const recent = createRecent<number>(capacity);
      for (const [at, [does, key]] of walk.entries()) {
        if (does === 'set') recent.set(key, at);
        else recent[does](key);
      }
      const found = ['a', 'b', 'c', 'd', 'e'].map((key) => [key, recent.get(key)]);
      const kept = new Map(expected(capacity, walk));
      expect(found).toEqual(found.map(([key]) => [key, kept.get(String(key))]));
    }),
  );
});
