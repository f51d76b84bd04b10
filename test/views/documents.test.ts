import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../src/views/document-cache.ts';
import { createDocumentText, type DocumentRow } from '../../src/views/document-text.ts';
import { createIdBatch } from '../../src/views/id-batch.ts';
import { idHash } from '../../src/views/id-hash.ts';
import { DamagedViews } from '../../src/views/view-damage.ts';

interface Lamp {
  readonly name: string;
  readonly room: string | null;
  readonly watts: number;
}

const lamp: Lamp = { name: 'desk', room: null, watts: 40 };

/** As the table gives it back. */
const stored = (columns: readonly string[], key: string, document: Lamp): DocumentRow => {
  const names = ['key', ...columns, 'checksum', 'document'];
  const values = createDocumentText<Lamp>({ columns }).row(key, document);
  return Object.fromEntries(names.map((name, at) => [name, values[at]])) as unknown as DocumentRow;
};

describe('a document in a table', () => {
  it.each([[[]], [['name']], [['name', 'room']], [['watts', 'name', 'room']]])(
    'is what was written, with the columns %j',
    (columns) => {
      const { documentIn } = createDocumentText<Lamp>({ columns });
      expect(documentIn(stored(columns, 'lamp-1', lamp))).toEqual(lamp);
    },
  );

  it('is written once: what is a column is not in the text', () => {
    const row = stored(['name', 'room'], 'lamp-1', lamp);
    expect(row).toMatchObject({ key: 'lamp-1', name: 'desk', room: null });
    expect(JSON.parse(row.document)).toEqual({ watts: 40 });
    expect(JSON.parse(stored([], 'lamp-1', lamp).document)).toEqual(lamp);
  });

  it('is written without its key, and without what is as usual', () => {
    interface Plan {
      readonly id: string;
      readonly due: string | null;
      readonly steps: readonly number[];
    }
    const shape = { columns: [], keyMember: 'id', usually: { due: null, steps: [1, 2] } } as const;
    const { row, documentIn } = createDocumentText<Plan>(shape);
    const rowOf = (plan: Plan): DocumentRow => {
      const [key, checksum, document] = row(plan.id, plan);
      return { key, checksum, document } as DocumentRow;
    };
    const usual = { id: 'p1', due: null, steps: [1, 2] };
    const other = { id: 'p2', due: 'now', steps: [2] };
    expect([usual, other].map((plan) => JSON.parse(rowOf(plan).document))).toEqual([
      {},
      { due: 'now', steps: [2] },
    ]);
    expect([usual, other].map((plan) => documentIn(rowOf(plan)))).toEqual([usual, other]);
  });

  it.each<[string, object]>([
    ['its text', { document: '{"watts":41}' }],
    ['a column', { name: 'desk ' }],
    ['its key', { key: 'lamp-2' }],
    ['its checksum', { checksum: 1 }],
  ])('that is not what was written is damaged: %s', (_, change) => {
    const { documentIn, textIn } = createDocumentText<Lamp>({ columns: ['name', 'room'] });
    const damaged = { ...stored(['name', 'room'], 'lamp-1', lamp), ...change };
    expect(() => documentIn(damaged)).toThrow(DamagedViews);
    expect(() => textIn(damaged)).toThrow(DamagedViews);
  });

  it('does not mistake where one column ends and the next begins', () => {
    const { textIn } = createDocumentText<Lamp>({ columns: ['name', 'room'] });
    const row = stored(['name', 'room'], 'lamp-1', { ...lamp, name: 'a', room: 'b' });
    expect(() => textIn({ ...row, name: 'ab', room: '' })).toThrow(DamagedViews);
  });
});

describe('documents touched lately', () => {
  const half = 2 * 1_048_576;

  it('are kept, those touched before the last few megabytes are not', () => {
    const cache = createDocumentCache<string>();
    cache.set('a', 'first', half);
    cache.set('b', 'second', half);
    expect([cache.get('a'), cache.get('b')]).toEqual(['first', 'second']);
    cache.set('c', 'third', half);
    expect([cache.get('a'), cache.get('c')]).toEqual(['first', 'third']);
    cache.set('d', 'fourth', half);
    expect(['a', 'b', 'c', 'd'].map(cache.get)).toEqual([undefined, undefined, 'third', 'fourth']);
    cache.set('e', 'fifth', half - 1);
    expect([cache.get('c'), cache.get('e')]).toEqual(['third', 'fifth']);
  });

  it('are as they are now, and nothing once they are deleted', () => {
    const cache = createDocumentCache<string>();
    cache.set('a', 'old', 2 * half);
    cache.set('a', 'new', 1);
    expect(cache.get('a')).toBe('new');
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });
});

describe('the ids of one write', () => {
  it('come by hash, each with the place of its document, and none twice', () => {
    const batch = createIdBatch();
    batch.add(['a', 'b', 'a'], 7);
    batch.add([], 8);
    batch.add(['b', 'c'], 1_000_000_000);
    const expected = [
      [idHash('a'), 7],
      [idHash('b'), 7],
      [idHash('b'), 1_000_000_000],
      [idHash('c'), 1_000_000_000],
    ].sort(([one = 0], [other = 0]) => one - other);
    expect(batch.entries()).toEqual(expected.flat());
  });

  it('are none where there was nothing to write', () => {
    expect(createIdBatch().entries()).toEqual([]);
  });

  it('have hashes of 32 bits that never change', () => {
    // FNV-1a of the offset basis alone, and of one letter.
    expect([idHash(''), idHash('a')]).toEqual([0x811c9dc5, 0xe40c292c]);
  });
});
