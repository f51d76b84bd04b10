import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluateCesql } from '../../src/filters/cesql/evaluate.ts';
import { likeTest } from '../../src/filters/cesql/like.ts';
import { parseCesql } from '../../src/filters/cesql/parser.ts';
import { addressOf } from '../../src/filters/eventbridge/address.ts';
import { finderOf } from '../../src/filters/eventbridge/finder.ts';
import { wildcardTest } from '../../src/filters/eventbridge/wildcard.ts';
import { patternTest } from '../../src/filters/jsonpath/pattern/pattern-test.ts';
import { Steps } from '../../src/filters/steps.ts';

/** Few characters, so that much of a text is like itself. */
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 24 });

const escaped = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

it('a wildcard takes what a regular expression takes in its place', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (parts, seen) => {
      fc.pre(parts.slice(1, -1).every((part) => part !== ''));
      const expression = new RegExp(`^${parts.map(escaped).join('[^]*')}$`);
      const test = wildcardTest(parts.join('*'), '');
      expect(test(seen, new Steps())).toBe(expression.test(seen));
    }),
    { numRuns: 1_000 },
  );
});

it('a part is found where the platform finds it, however long', () => {
  fc.assert(
    fc.property(text, text, text, fc.nat(20), (before, sought, after, from) => {
      const whole = `${before}${sought}${after}`;
      const start = Math.min(from, whole.length);
      fc.pre(sought !== '');
      expect(finderOf(sought)(whole, start, new Steps())).toBe(whole.indexOf(sought, start));
    }),
    { numRuns: 1_000 },
  );
});

it('LIKE takes what a regular expression takes in its place', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (like, seen) => {
      const expression = like.replaceAll('%', '[^]*').replaceAll('_', '[^]');
      const expected = new RegExp(`^${expression}$`, 'u').test(seen);
      expect(likeTest(like)(seen, new Steps())).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

const expressions = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '^', '$'),
    fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    fc.tuple(tie('expression'), tie('expression')).map(([left, right]) => `(${left}|${right})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{1,}'))
      .map(([inner, own]) => `(${inner})${own}`),
  ),
})).expression;

it('an expression of match and search takes what the platform takes', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 6 });
  fc.assert(
    fc.property(expressions, short, fc.boolean(), (expression, seen, isWhole) => {
      const platform = new RegExp(isWhole ? `^(?:${expression})$` : expression, 'u');
      expect(patternTest(expression, isWhole)?.(seen, new Steps())).toBe(platform.test(seen));
    }),
    { numRuns: 1_000 },
  );
});

it('integers are calculated as far as 32 bits go', () => {
  const integer = fc.integer({ min: -2_147_483_648, max: 2_147_483_647 });
  const operators = {
    '+': (left: bigint, right: bigint) => left + right,
    '-': (left: bigint, right: bigint) => left - right,
    '*': (left: bigint, right: bigint) => left * right,
    '/': (left: bigint, right: bigint) => left / right,
    '%': (left: bigint, right: bigint) => left % right,
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.entries(operators)),
      fc.oneof(integer, fc.integer({ min: -9, max: 9 })),
      fc.oneof(integer, fc.integer({ min: -9, max: 9 })),
      ([sign, calculate], left, right) => {
        const { value, fault } = evaluateCesql(
          parseCesql(`${left} ${sign} ${right}`),
          {},
          new Steps(),
        );
        const isUndefined = right === 0 && (sign === '/' || sign === '%');
        const exact = isUndefined ? undefined : calculate(BigInt(left), BigInt(right));
        const fits = exact !== undefined && BigInt.asIntN(32, exact) === exact;
        expect([value, fault?.name]).toEqual(fits ? [Number(exact), undefined] : [0, 'MathError']);
      },
    ),
  );
});

it('an address is read back as it was written, and nothing else is one', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(addressOf(address)?.join('.')).toBe(address);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect([4, 16]).toContain(addressOf(address)?.length);
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(':', '.', '1', 'f', 'g'), maxLength: 12 }),
      (other) => {
        const isAddress = URL.canParse(`http://[${other}]/`);
        if (other.includes(':')) expect(addressOf(other) !== undefined).toBe(isAddress);
      },
    ),
    { numRuns: 1_000 },
  );
});
