import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coldProjections, hotProjections } from '../../projections/index.ts';
import type { AnyProjection } from '../../projections/projection.ts';
import { type Folded, folded, frozen, restarted } from './folding.ts';
import { historyArbitrary } from './generated-history.ts';

const all = Object.entries({ ...hotProjections, ...coldProjections }) as unknown as [
  string,
  AnyProjection<object>,
][];

const isPlain = (value: unknown): boolean => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  const prototype = Object.getPrototypeOf(value);
  return (
    (Array.isArray(value) || prototype === Object.prototype) && Object.values(value).every(isPlain)
  );
};

describe.each(all)('the projection %s', (name, projection) => {
  const history = historyArbitrary().map(frozen);

  it('is listed under its own name, with an index for every column list it declares', () => {
    expect(projection.name).toBe(name);
    const columns = (projection.columns ?? []) as readonly string[];
    for (const index of projection.indexes ?? []) {
      expect(columns).toEqual(expect.arrayContaining([...index]));
    }
    expect(columns.length === 0 || columns.includes('position')).toBe(true);
  });

  it('keeps the ids of a document for as long as it lives, in columns', () => {
    const { ids = [], columns = [] } = projection;
    expect(columns).toEqual(expect.arrayContaining([...ids]));
    const begins: readonly string[] = 'begins' in projection ? (projection.begins ?? []) : [];
    const idsIn = (document: object | undefined) => ids.map((id) => document?.[id]);
    fc.assert(
      fc.property(history, (events) => {
        let before: Folded<object> = { ordinal: 0, documents: {} };
        for (const event of events) {
          const after = folded(projection, [event], frozen(before));
          const kept = Object.keys(before.documents).filter((key) => key in after.documents);
          for (const key of begins.includes(event.type) ? [] : kept) {
            expect(idsIn(after.documents[key])).toEqual(idsIn(before.documents[key]));
          }
          before = after;
        }
      }),
    );
  });

  it('gives the same documents restarted after every event, in one pass and in a second one', () => {
    fc.assert(
      fc.property(history, (events) => {
        const once = folded(projection, events);
        let stepwise: Folded<object> = { ordinal: 0, documents: {} };
        for (const event of events) {
          stepwise = restarted(folded(projection, [event], frozen(stepwise)));
        }
        expect(stepwise).toEqual(once);
        expect(folded(projection, events)).toEqual(once);
      }),
    );
  });

  it('keeps plain JSON only, and changes none of its inputs', () => {
    fc.assert(
      fc.property(history, (events) => {
        const { documents } = folded(projection, events);
        expect(Object.values(documents).filter((document) => !isPlain(document))).toEqual([]);
        expect(restarted(folded(projection, events)).documents).toStrictEqual(documents);
      }),
    );
  });

  it('has text, a number or null in every column', () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const document of Object.values(folded(projection, events).documents)) {
          for (const column of projection.columns ?? []) {
            const value = document[column];
            expect(value === null || ['string', 'number'].includes(typeof value)).toBe(true);
          }
        }
      }),
    );
  });
});
