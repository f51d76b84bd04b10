import { describe } from 'vitest';
import { arrivalStream } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { arrive, cancel, queue, withhold } from './stories.ts';

const repeat = (arrivalId: string): Written => ({
  stream: arrivalStream(arrivalId),
  fact: { type: 'DeliveryRepeated', data: { arrivalId, sameBody: true, remote: null } },
});
const handled = [queue('a'), cancel('a')];

describe('an arrival', () => {
  itAllows([
    ['repetitions of it', arrive('a'), ...handled, repeat('a'), repeat('a')],
    ['repetitions before its outcome', arrive('a'), repeat('a'), ...handled],
  ]);
  itFinds([
    ['a has arrived before', arrive('a'), ...handled, arrive('a')],
    ['there is no arrival b', arrive('a'), ...handled, repeat('b')],
    ['there is no arrival b', arrive('a'), ...handled, withhold('b', [['t', 'paused']])],
  ]);
});
