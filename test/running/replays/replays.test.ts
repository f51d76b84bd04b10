import { expect, it } from 'vitest';
import type { OpenReplay } from '../../../projections/open-replays.ts';
import { systemChance } from '../../../src/domain/chance.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { silentLogger } from '../../../src/domain/logger.ts';
import { asPosition, type Position } from '../../../src/domain/position.ts';
import { createRegistryIndex } from '../../../src/routing/registry-index.ts';
import type { CommandSender } from '../../../src/running/command-sender.ts';
import { createOpenParts } from '../../../src/running/replays/open-parts.ts';
import { createReplays } from '../../../src/running/replays/replays.ts';
import { createKeyRing } from '../../../src/sealing/key-ring.ts';
import { triggerKinds } from '../../../src/triggers/index.ts';
import { replayOrder } from '../../domain/examples.ts';
import { noViews } from '../no-views.ts';

const counting: OpenReplay = {
  ...{ replayId: 'replay-1', workspace: 'acme', order: replayOrder, status: 'counting' },
  ...{ requestedBy: 'fact-1', actor: 'user:a', correlationId: 'c', position: '', queued: [] },
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('looks at nothing while what was made of it is not on record, and then as far as that', async () => {
  const seen: string[] = [];
  const open = new Map([[counting.replayId, counting]]);
  let record = (_: Position): void => {};
  const recorded = new Promise<Position>((resolve) => {
    record = resolve;
  });
  const sender: CommandSender = {
    async send(_, command) {
      seen.push(String((command as { readonly type: string }).type));
      open.clear();
      return { state: undefined as never, position: undefined, facts: [] } as never;
    },
    toInvocation: async () => undefined,
    keepTrying: async (_, task) => await task(),
    stop: () => {},
    ...{ stopped: false, refused: 0 },
  };
  const replays = createReplays({
    ...{ open, sender, kinds: triggerKinds, clock: systemClock, log: silentLogger, pageSize: 200 },
    queue: new Map(),
    openParts: createOpenParts(),
    recorded: () => recorded,
    reached: async () => {},
    views: {
      ...noViews,
      reached: async (position) => void seen.push(`reached ${position}`),
      find: async (name) => {
        seen.push(name);
        return { documents: [], next: null };
      },
    },
    registry: createRegistryIndex(triggerKinds),
    store: {
      readStream: async () => expect.fail('nothing arrived'),
      readPayloads: async () => expect.fail('nothing arrived'),
    },
    sealing: createKeyRing([{ version: 1, key: Buffer.alloc(32, 1) }], systemChance),
    arrivals: { read: async () => expect.fail('nothing arrived') },
    dispatcher: { queue: async () => expect.fail('there is nothing to queue') },
  });
  replays.start();
  await settled();
  expect(seen).toEqual([]);
  record(asPosition('0042'));
  await settled();
  expect(seen).toEqual(['reached 0042', 'arrivals', 'FinishCount']);
  await replays.stop();
});
