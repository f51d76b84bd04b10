import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { deadLetters } from '../../projections/dead-letters.ts';
import { invocations } from '../../projections/invocations.ts';
import { isKnown, type Recorded } from '../../src/domain/events.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { namedPayload } from '../../src/domain/named-payload.ts';
import type { NewEvent } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { folded } from '../projections/folding.ts';

/** As a release wrote them that had every answer in its fact: three invocations, one of them tried twice. */
const recorded = async (): Promise<readonly Recorded[]> => {
  const file = new URL('recorded-answers.json', import.meta.url);
  const records = JSON.parse(await readFile(file, 'utf8')) as readonly (NewEvent & {
    readonly stream: string;
  })[];
  const store = createMemoryStore();
  for (const { stream, ...event } of records) await store.append(stream, 'any', [event]);
  const facts = await readsFacts(store).readAll();
  expect(brokenPromises(facts, { settled: true })).toEqual([]);
  expect(facts.filter((fact) => !isKnown(fact))).toEqual([]);
  return facts.filter(isKnown);
};

const long = (length: number) => ({
  encoding: 'utf8',
  content: `long answer: ${'é'.repeat(length)}`,
});
const begins = { encoding: 'utf8', content: expect.stringMatching(/^long answer: é{1011}$/) };
const idOf = (n: number) => invocationIdOf(`arrival-${n}`, 'trigger-1');

it('has the answers of before where they were, and no bytes beside', async () => {
  const facts = await recorded();
  expect(facts.map(namedPayload).filter((name) => name !== undefined)).toEqual([]);
  const { documents } = folded(invocations, facts);
  expect(documents[idOf(1)]?.result).toMatchObject({ status: 200, body: long(2_050) });
  expect(documents[idOf(3)]?.result).toMatchObject({ body: { content: 'short' } });
  expect(documents[idOf(2)]?.attempts).toMatchObject([
    { outcome: 'failed', failure: { status: 500, body: begins } },
    { outcome: 'failed', failure: { status: 500, body: begins } },
  ]);
  const letters = folded(deadLetters, facts).documents;
  expect(letters[idOf(2)]?.failure.body).toEqual(long(2_070));
});
