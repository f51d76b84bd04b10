import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternProblem, topicProblem } from '../../src/triggers/topic.ts';
import { createTopicIndex } from '../../src/triggers/topic-index.ts';
import { naivelyMatches } from './naive-topic.ts';

const matches = (pattern: string, topic: string): boolean => {
  const index = createTopicIndex();
  index.add(pattern);
  return index.matching(topic).includes(pattern);
};

/** Ends what takes more looks into a map than it may: it would go on for ages. */
const withinLooks = <T>(most: number, work: () => T): T => {
  const { get } = Map.prototype;
  let looks = 0;
  Map.prototype.get = function (key) {
    looks += 1;
    if (looks > most) throw new Error(`more than ${most} looks`);
    return get.call(this, key);
  };
  try {
    return work();
  } finally {
    Map.prototype.get = get;
  }
};

const segments = ['a', 'b', 'c', '__proto__'];
const topic = fc.array(fc.constantFrom(...segments), { minLength: 1, maxLength: 6 });
const pattern = fc.array(fc.constantFrom(...segments, '*', '**'), { minLength: 1, maxLength: 6 });
const dotted = (parts: readonly string[]) => parts.join('.');

describe('a topic pattern', () => {
  it.each([
    ['reports.daily', 'reports.daily', true],
    ['reports.daily', 'reports.Daily', false],
    ['reports.*', 'reports.daily', true],
    ['reports.*', 'reports', false],
    ['reports.*', 'reports.daily.eu', false],
    ['reports.**', 'reports', true],
    ['reports.**', 'reports.daily', true],
    ['reports.**', 'reports.daily.eu', true],
    ['**', 'anything.at.all', true],
    ['**.eu', 'eu', true],
    ['*.daily.**', 'reports.daily', true],
    ['a.**.b', 'a.b', true],
    ['a.**.b', 'a.x.y.b', true],
    ['a.**.b', 'a.x.b.y', false],
    ['a.**.**', 'a', true],
    ['reports.+', 'reports.daily', false],
    ['reports.#', 'reports.daily', false],
  ])('%s takes %s: %s', (wanted, published, expected) => {
    expect(matches(wanted, published)).toBe(expected);
  });

  it('takes what a naive reading of the rules takes, whatever other patterns there are', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), topic, (patterns, published) => {
        const index = createTopicIndex();
        const distinct = [...new Set(patterns.map(dotted))];
        for (const each of distinct) index.add(each);
        const expected = distinct.filter((each) => naivelyMatches(each.split('.'), published));
        expect(index.matching(dotted(published)).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('is forgotten when it is removed, and only it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(pattern.map(dotted), { minLength: 1 }),
        topic,
        (all, published) => {
          const [gone = '', ...left] = all;
          const index = createTopicIndex();
          for (const each of all) index.add(each);
          index.remove(gone);
          const fresh = createTopicIndex();
          for (const each of left) fresh.add(each);
          const at = dotted(published);
          expect(index.matching(at).toSorted()).toEqual(fresh.matching(at).toSorted());
        },
      ),
    );
  });

  it('that nobody added can be removed, and leaves the others', () => {
    const index = createTopicIndex();
    index.remove('a.b');
    index.add('a.b');
    for (const other of ['a', 'a.b.c', 'a.*', 'x.y']) index.remove(other);
    expect(index.matching('a.b')).toEqual(['a.b']);
  });

  it('is matched without backtracking: many wildcards over a long topic cost a moment', () => {
    const index = createTopicIndex();
    index.add(`${'**.a.'.repeat(60)}b`);
    const published = Array(256).fill('a').join('.');
    // Each of the 121 places once per segment, with three looks at most at where it leads.
    expect(withinLooks(3 * 121 * 257, () => index.matching(published))).toEqual([]);
  });

  it.each([
    ['a.*.b', undefined],
    ['**', undefined],
    ['', 'must not be empty'],
    ['a..b', 'must not have empty segments'],
    ['.a', 'must not have empty segments'],
    ['a.', 'must not have empty segments'],
    ['rep*', 'must have * and ** as whole segments only'],
    ['a.***', 'must have * and ** as whole segments only'],
    ['a'.repeat(512), undefined],
    ['a'.repeat(513), 'must be at most 512 characters long'],
  ])('%s is judged: %s', (text, problem) => {
    expect(patternProblem(text)).toBe(problem);
  });

  it('is nothing one can publish to', () => {
    expect(topicProblem('a.b')).toBeUndefined();
    for (const text of ['a.*', '**', 'a.b*']) {
      expect(topicProblem(text)).toBe('must not have wildcards');
    }
    expect(topicProblem('a..b')).toBe('must not have empty segments');
  });
});
