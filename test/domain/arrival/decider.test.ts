import { describe, it } from 'vitest';
import { arrival, maxRepeatsRecorded } from '../../../src/domain/arrival/decider.ts';
import { arrived, missed, repeated, skipped, withheld } from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(arrival);
const record = { type: 'RecordArrival', ...arrived.data } as const;
const note = { type: 'NoteRepeat', sameBody: true, remote: null } as const;

describe('an arrival', () => {
  it('is recorded once', () => {
    given().when(record).expect(arrived);
    given(arrived)
      .when({ ...record, bodySha256: 'cd' })
      .expect();
  });

  it('notes that its sender repeats it, up to a bound', () => {
    given(arrived).when(note).expect(repeated);
    given(arrived, ...Array(maxRepeatsRecorded - 1).fill(repeated))
      .when(note)
      .expect(repeated);
    given(arrived, ...Array(maxRepeatsRecorded).fill(repeated))
      .when(note)
      .expect();
  });

  it('says once which triggers were passed over', () => {
    const { triggers, total } = withheld.data;
    const withhold = { type: 'WithholdEvent', triggers, total } as const;
    given(arrived, repeated).when(withhold).expect(withheld);
    given(arrived, withheld, repeated).when(withhold).expect();
    given().when(withhold).refused('not-found');
  });

  it('has to be there to be repeated', () => {
    given().when(note).refused('not-found');
  });

  it('may be passed over at a planned instant, and then never comes', () => {
    const pass = (passed: typeof missed | typeof skipped) =>
      ({ type: 'PassTicks', passed }) as const;
    given().when(pass(missed)).expect(missed);
    given().when(pass(skipped)).expect(skipped);
    given(missed).when(record).expect();
    given(missed).when(pass(skipped)).expect();
    given(arrived).when(pass(missed)).expect();
  });
});
