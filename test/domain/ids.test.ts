import { describe, expect, it } from 'vitest';
import { arrivalIdOf, idOf, newId } from '../../src/domain/ids.ts';

describe('name-based ids', () => {
  it('are what logs of earlier releases hold', () => {
    expect(arrivalIdOf('demo', 'webhook/github', '1')).toBe('9f188727-2e58-503d-84c0-59fa484a0f27');
    expect(idOf('invocation', 'é', 'y')).toBe('3fba2128-eb88-5cc2-a18a-4ddac18c5fa4');
  });

  it('tell apart parts that read alike when put together', () => {
    expect(idOf('ab', 'c')).not.toBe(idOf('a', 'bc'));
  });
});

describe('random ids', () => {
  it('never repeat', () => {
    const count = 10_000;
    expect(new Set(Array.from({ length: count }, newId)).size).toBe(count);
  });
});
