import { expect, it } from 'vitest';
import { isFact } from '../../src/domain/events.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { openStore } from '../../src/store/index.ts';
import { brokenPromises } from '../invariants/broken-promises.ts';
import { wholeLog } from '../process/log-of.ts';
import { createCrashingStore } from '../running/crashing-store.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const succeeded: CallOutcome = {
  ...{ ok: true, durationMs: 1 },
  answer: {
    ...{ status: 200, contentType: null, truncated: false },
    body: { encoding: 'utf8', content: '' },
  },
};

const past = 3;
const message = (n: number) => ({ payload: { topic: 'a', message_id: `m${n}`, content: { n } } });

/** Creates the trigger, and goes on publishing until the process is gone. */
const tryOn = async (server: ServerUnderTest, payload: object): Promise<void> => {
  const created = await server.ask('POST', 'function-triggers', { payload });
  if (created.statusCode !== 201) return;
  for (let n = past; n < 2 * past; n += 1) await server.ask('POST', 'messages', message(n));
};

/** The whole of it, where the process that creates the trigger dies before one of its appends. */
const crashAt = async (atAppend: number): Promise<void> => {
  const log = await openStore('memory:', { dataDir: '' });
  let functionId = '';
  {
    await using first = await startServer({ log, call: async () => succeeded });
    functionId = (await first.createFunction()).id;
    for (let n = 0; n < past; n += 1) await first.ask('POST', 'messages', message(n));
  }
  const payload = {
    ...{ name: 'late', functionId, executionType: 'message', triggerMetadata: { topic: 'a' } },
    startFrom: { position: '0' },
  };
  {
    let crashed: Promise<unknown> = Promise.resolve();
    const server = await startServer({
      ...{ log, call: async () => succeeded },
      around: (inner) => {
        const crashing = createCrashingStore(inner, atAppend, 'before');
        crashed = crashing.crashed;
        return crashing;
      },
    });
    await Promise.race([crashed, tryOn(server, payload)]);
  }
  await using last = await startServer({ log, call: async () => succeeded });
  // Whoever was not answered asks again; where it is there already, it is refused.
  await tryOn(last, payload);
  for (let n = past; n < 2 * past; n += 1) await last.ask('POST', 'messages', message(n));
  await expect.poll(() => last.engine.stats()['replays']).toBe(0);
  await expect.poll(() => last.engine.stats()['open']).toBe(0);
  const all = await wholeLog(log);
  const arrived = all.flatMap((fact) =>
    isFact(fact, 'EventArrived') ? [fact.data.arrivalId] : [],
  );
  const given = all.flatMap((fact) =>
    isFact(fact, 'InvocationQueued') ? [fact.data.arrivalId] : [],
  );
  expect(arrived).toHaveLength(2 * past);
  expect([...given].sort()).toEqual([...arrived].sort());
  expect(brokenPromises(all, { owners: 'one' })).toEqual([]);
};

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'a late trigger whose process ends before append %i is given each event once',
  crashAt,
);
