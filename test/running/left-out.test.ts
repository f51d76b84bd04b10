import { expect, it } from 'vitest';
import type { Logger } from '../../src/domain/logger.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createLeftOut } from '../../src/running/left-out.ts';

const record = (type: string) => ({ type, stream: 'theirs', position: '0007' }) as StoredEvent;

it('tells the first record that is not ours, and counts all', () => {
  const told: unknown[] = [];
  const leftOut = createLeftOut({ warn: (what: unknown) => told.push(what) } as unknown as Logger);
  leftOut.add([]);
  expect(told).toEqual([]);
  leftOut.add([record('OrderPlaced'), record('OrderPaid')]);
  leftOut.add([record('OrderSent')]);
  expect(told).toEqual([{ type: 'OrderPlaced', stream: 'theirs', position: '0007' }]);
  expect(leftOut.count).toBe(3);
});
