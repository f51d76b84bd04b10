import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { arrivalIdOf, idOf, newId } from '../../src/domain/ids.ts';

describe('name-based ids', () => {
  it('are what logs of earlier releases hold', () => {
    expect(arrivalIdOf('demo', 'webhook/github', '1')).toBe('9f188727-2e58-503d-84c0-59fa484a0f27');
    expect(idOf('invocation', 'é', 'y')).toBe('3fba2128-eb88-5cc2-a18a-4ddac18c5fa4');
  });

  it('are made of parts of any length', () => {
    const text = 'é'.repeat(40_000);
    const named = Buffer.from('5b0f6c6e1d0a4b7c9a3e6f2d8c417e90', 'hex');
    const digest = createHash('sha1').update(named).update(`80000:${text}`).digest('hex');
    const id = idOf(text);
    expect(id.slice(0, 8)).toBe(digest.slice(0, 8));
    expect(id.slice(24)).toBe(digest.slice(20, 32));
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
