import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlotMap } from '../../src/domain/slot-map.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
const step = fc.oneof(
  fc.tuple(fc.constant('set' as const), key, fc.nat()),
  fc.tuple(fc.constant('delete' as const), key, fc.constant(0)),
);

it('says what a Map says, in its order, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const map = new Map<string, number>([['a', 1]]);
      const slots = new SlotMap<number>(map);
      for (const [action, name, value] of steps) {
        if (action === 'delete') expect(slots.delete(name)).toBe(map.delete(name));
        else {
          slots.set(name, value);
          map.set(name, value);
        }
        expect(slots.get(name)).toBe(map.get(name));
        expect(slots.has(name)).toBe(map.has(name));
        expect(slots.size).toBe(map.size);
      }
      expect([...slots]).toEqual([...map]);
      expect([...slots.keys()]).toEqual([...map.keys()]);
      expect([...slots.values()]).toEqual([...map.values()]);
    }),
  );
});
