import fc from 'fast-check';
import { expect, it } from 'vitest';
import { invocationAsOf } from '../../projections/invocation-as-of.ts';
import { type InvocationDocument, invocations } from '../../projections/invocations.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { positionOf, recorded, type Written } from '../views/history.ts';
import { cancelled, failed, queued, retried, started } from '../views/stories.ts';
import { folded } from './folding.ts';
import { historyArbitrary } from './generated-history.ts';

const documentsOf = (events: readonly StoredEvent[]) => folded(invocations, events).documents;
const upTo = (events: readonly StoredEvent[], position: string) =>
  events.filter((event) => event.position <= position);

it('is what its facts up to there come to, or is not told', () => {
  let told = 0;
  fc.assert(
    fc.property(historyArbitrary(80, 40), (events) => {
      const now = Object.values(documentsOf(events));
      for (const { position } of events) {
        const then = documentsOf(upTo(events, position));
        for (const document of now.filter((one) => one.position <= position)) {
          const found = invocationAsOf(document, position);
          if (found === undefined) {
            expect(document.retriedAs).not.toEqual([]);
            continue;
          }
          told += 1;
          expect(found).toEqual(then[document.invocationId]);
        }
      }
    }),
  );
  expect(told).toBeGreaterThan(1_000);
});

const documentAfter = (...history: readonly Written[]): InvocationDocument => {
  const [document] = Object.values(documentsOf(recorded(history)));
  return document ?? expect.fail('there is no document');
};

it('is not told of one that was retried, from its end to its last retry', () => {
  const document = documentAfter(queued('i1'), started('i1'), cancelled('i1'), retried('i1', 'i2'));
  expect(invocationAsOf(document, positionOf(2))).toMatchObject({ status: 'running' });
  expect(invocationAsOf(document, positionOf(3))).toBeUndefined();
  expect(invocationAsOf(document, positionOf(4))).toBe(document);
});

it('is not told of one with more attempts than are kept', () => {
  const attempts = Array.from({ length: 101 }, (_, n) => [
    started('i1', n + 1),
    failed('i1', n + 1),
  ]).flat();
  const document = documentAfter(queued('i1'), ...attempts);
  expect(invocationAsOf(document, positionOf(1))).toBeUndefined();
  expect(invocationAsOf(document, positionOf(203))).toBe(document);
});
