import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../src/domain/catalogue.ts';

const nameOf = ({ name }: { readonly name: string }) => name;

describe('a catalogue', () => {
  it('holds what is built in, in that order', () => {
    const { known } = createCatalogue(nameOf, [{ name: 'b' }, { name: 'a' }]);
    expect([...known.keys()]).toEqual(['b', 'a']);
  });

  it('grows and shrinks under the eyes of those who read it', () => {
    const { known, add } = createCatalogue(nameOf, []);
    const entry = { name: 'new' };
    const remove = add(entry);
    expect(known.get('new')).toBe(entry);
    remove();
    expect(known.has('new')).toBe(false);
  });

  it('gives no name two meanings', () => {
    const { add } = createCatalogue(nameOf, [{ name: 'a' }]);
    expect(() => add({ name: 'a' })).toThrow('there are two of the name a');
  });

  it('takes away no successor of the same name', () => {
    const { known, add } = createCatalogue(nameOf, []);
    const removeFirst = add({ name: 'a' });
    removeFirst();
    const second = { name: 'a' };
    add(second);
    removeFirst();
    expect(known.get('a')).toBe(second);
  });
});
