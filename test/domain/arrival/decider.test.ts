import { describe, expect, it } from 'vitest';
import { arrival, maxRepeatsRecorded } from '../../../src/domain/arrival/decider.ts';
import type { Fact } from '../../../src/domain/events.ts';
import {
  arrived,
  forgotten,
  missed,
  queued,
  repeated,
  skipped,
  started,
  withheld,
} from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(arrival);
const record = { type: 'RecordArrival', ...arrived.data } as const;
const note = { type: 'NoteRepeat', sameBody: true, remote: null } as const;

describe('an arrival', () => {
  it('is recorded once', () => {
    given().when(record).expect(arrived);
    given(arrived)
      .when({ ...record, deliveryId: 'delivery-2' })
      .expect();
  });

  it('is for the trigger that its sender was told of, if it was', () => {
    const acceptedFor = { triggerId: 'trigger-1', version: 2 };
    const data = { ...arrived.data, acceptedFor };
    given()
      .when({ ...record, acceptedFor })
      .expect({ ...arrived, data });
    expect(arrival.decide(record, arrival.initialState)[0]?.data).not.toHaveProperty('acceptedFor');
  });

  it('brings along what was decided at the door', () => {
    const decidedAt = '0000000000000007';
    const riding = { ...record, rides: [queued, started, withheld] };
    given().when(riding).expect(arrived, queued, started, withheld);
    given(arrived, queued, started, withheld).when(record).expect();
    given()
      .when({ ...record, decidedAt })
      .expect({ ...arrived, data: { ...arrived.data, decidedAt } });
    expect(arrival.decide(record, arrival.initialState)[0]?.data).not.toHaveProperty('decidedAt');
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

  it('says once what of it is forgotten, and more of it later', () => {
    const { places, reason } = forgotten.data;
    const forget = { type: 'ForgetPayload', places, reason } as const;
    given(arrived, repeated).when(forget).expect(forgotten);
    given(arrived, forgotten).when(forget).expect();
    const data = { arrivalId: 'arrival-1', places: ['0002'] };
    given(arrived, forgotten)
      .when({ ...forget, places: ['0001', '0002'], reason: undefined })
      .expect({ type: 'PayloadForgotten', data });
    given(arrived, forgotten, { type: 'PayloadForgotten', data })
      .when({ ...forget, places: ['0002', '0001'] })
      .expect();
    given().when(forget).refused('not-found');
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

  it('that was passed over knows up to which instant', () => {
    const passedTo = (fact: Fact<'TicksMissed' | 'TickSkipped'>) =>
      arrival.evolve(arrival.initialState, fact).context.passedTo;
    const [first, last] = ['2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z'];
    expect(passedTo({ ...missed, data: { ...missed.data, first, last } })).toBe(last);
    expect(passedTo({ ...skipped, data: { ...skipped.data, scheduledAt: last } })).toBe(last);
  });
});
