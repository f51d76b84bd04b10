import { it } from 'vitest';
import { refusal } from '../../../src/domain/refusal/decider.ts';
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
