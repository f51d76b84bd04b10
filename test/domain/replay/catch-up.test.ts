import { expect, it } from 'vitest';
import { catchUpOrder } from '../../../src/domain/replay/catch-up.ts';
import { ReplayOrder } from '../../../src/domain/replay/order.ts';

it('is for the trigger alone, and ends where that was registered', () => {
  const startFrom = { after: '0003', replayId: 'r' };
  const order = catchUpOrder({ triggerId: 't', executionType: 'message', startFrom }, '0007');
  expect(ReplayOrder.parse(order)).toMatchObject({
    ...{ after: '0003', upTo: '0007', versions: 'as-now', mode: 'catch-up' },
    ...{ only: { triggers: ['t'] }, among: { arrivals: { source: { kind: 'message' } } } },
  });
});
