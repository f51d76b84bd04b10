import { it } from 'vitest';
import { type RefusedDeliveries, refusal } from '../../../src/domain/refusal/decider.ts';
import { scenarios } from '../given.ts';

const data = {
  method: 'POST',
  route: '/triggers',
  target: null,
  code: 'name-taken',
  suppressed: 2,
} as const;
const noted = { type: 'RequestRefused', data } as const;
const note = { type: 'NoteRefusal', ...data } as const;

it('a refusal is noted once', () => {
  const given = scenarios(refusal);
  given().when(note).expect(noted);
  given(noted).when(note).expect();
});

it('refused deliveries are noted together, once', () => {
  const given = scenarios(refusal);
  const one: RefusedDeliveries = {
    ...{ path: 'in', trigger: null, status: 404, reason: 'unknown-path', skewSeconds: null },
    ...{ count: 1, first: '2026-01-01T00:00:00.000Z', last: '2026-01-01T00:00:00.000Z' },
    remote: '::1',
  };
  const other = { ...one, path: 'other' };
  const noteBoth = { type: 'NoteRefusedDeliveries', refusals: [one, other] } as const;
  const both = [one, other].map((data) => ({ type: 'DeliveriesRefused', data }) as const);
  given()
    .when(noteBoth)
    .expect(...both);
  given(...both)
    .when(noteBoth)
    .expect();
});
