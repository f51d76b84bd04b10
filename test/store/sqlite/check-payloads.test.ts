import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/domain/events.ts';
import { nameOf } from '../../../src/domain/payload-name.ts';
import type { Position } from '../../../src/domain/position.ts';
import type { EventStore } from '../../../src/store/event-store.ts';
import { recordOf } from '../../../src/store/record.ts';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { newStream, sample } from '../contract/sample.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

const arrive = async (log: EventStore): Promise<Position> => {
  const payload = { fact: 0, salt: randomBytes(16), bytes: randomBytes(10_000) };
  const event = { ...sample(), type: 'EventArrived', data: { body: nameOf(payload) } };
  const { position } = await log.append(newStream(), 'no_stream', [
    { ...event, payloads: [payload] },
  ]);
  if (position === undefined) throw new Error('a first append tells its place');
  return position;
};

type Noted = (
  places: readonly Position[],
) => { readonly type: string; readonly data: object } | undefined;

const forgotten =
  (which: (places: readonly Position[]) => readonly (Position | undefined)[]): Noted =>
  (places) => ({ type: 'PayloadForgotten', data: { arrivalId: 'a', places: which(places) } });

const expired =
  (upTo: number, kept: readonly number[] = [], also: readonly number[] = []): Noted =>
  (places) => ({
    type: 'PayloadsExpired',
    data: {
      ...{ after: '', upTo: places[upTo] },
      kept: kept.map((at) => ({ arrivalId: 'a', place: places[at] })),
      also: also.map((at) => places[at]),
    },
  });

/** What is found in a log of three arrivals whose first two payloads are gone. */
const verdictWhere = async (noted: Noted): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  const log = await openSqliteHere({ dataDir: directory.path });
  const places = [await arrive(log), await arrive(log), await arrive(log)];
  await log.forgetPayloads(places.slice(0, 2));
  const fact = noted(places);
  if (fact !== undefined) await log.append(newStream(), 'no_stream', [{ ...sample(), ...fact }]);
  await log.close();
  try {
    return verifyStore(directory.path).events;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};

describe('a payload that is not there', () => {
  it.each<[string, Noted]>([
    ['one by one', forgotten(([first, second]) => [first, second])],
    ['before they are', forgotten((places) => places)],
    ['by their age', expired(1)],
    ['by their age, some of them later', expired(2, [0, 2], [0])],
  ])('is no damage where the log says that it was forgotten: %s', async (_, noted) => {
    expect(await verdictWhere(noted)).toBe(4);
  });

  it.each<[string, Noted, number]>([
    ['nothing', () => undefined, 1],
    ['others', forgotten(([first, , third]) => [first, third]), 2],
    ['older ones', expired(0), 2],
    ['others, and this is kept', expired(2, [1]), 2],
    ['what nobody can read', () => ({ type: 'PayloadForgotten', data: { places: 'all' } }), 1],
  ])('is damage where the log says so of %s', async (_, noted, position) => {
    expect(await verdictWhere(noted)).toMatch(new RegExp(`position ${position} .* is missing`));
  });
});

describe('a long answer', () => {
  /** In a turn with another one: what is found once its bytes are as `spoil` leaves them. */
  const verdictOn = async (spoil: (file: string) => void): Promise<unknown> => {
    await using directory = await temporaryDirectory();
    const log = await openSqliteHere({ dataDir: directory.path });
    const turn = ['InvocationFailed', 'InvocationSucceeded'].map((type, fact) => {
      const payload = { salt: randomBytes(16), bytes: randomBytes(10_000) };
      const member = type === 'InvocationFailed' ? 'failure' : 'answer';
      return {
        fact: { type, data: { [member]: { body: nameOf(payload) } } } as unknown as Fact,
        ...{ schemaVersion: 2, payload, own: { $causationId: `cause-${fact}` } },
      };
    });
    await log.append('lane-0', 'no_stream', [recordOf(randomUUID(), turn, sample().metadata)]);
    await log.close();
    spoil(join(directory.path, 'events.db'));
    try {
      return verifyStore(directory.path).events;
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
  const withSql = (sql: string) => (file: string) => {
    const db = new Database(file);
    db.exec(sql);
    db.close();
  };

  it('is looked at like any other payload', async () => {
    expect(await verdictOn(() => {})).toBe(1);
    const ofSecond = '(id >> 8) & 131071 = 1';
    expect(await verdictOn(withSql(`DELETE FROM payloads WHERE ${ofSecond}`))).toMatch(
      /position 1 .* is missing/,
    );
    expect(
      await verdictOn(withSql(`UPDATE payloads SET bytes = zeroblob(9) WHERE ${ofSecond}`)),
    ).toMatch(/position 1 .* is not as it was written/);
  });
});
