import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { openConnection } from './connection.ts';
import { bodyOf, prepareDelivery, type Sender } from './delivery.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { sharedNow } from './shared-clock.ts';

export interface OpenLoop extends Sender {
  readonly perSecond: number;
  readonly count: number;
  /** Of the body; 1 KB where nothing is said. */
  readonly bytes?: number;
}

export interface OpenLoopResult {
  /** When each marker was sent, on the shared clock. */
  readonly sentAt: Readonly<Record<string, number>>;
  readonly answered: Percentiles;
  readonly refused: number;
}

/** Sends at a fixed pace, however slow the answers are. */
export const openLoop = async (spec: OpenLoop): Promise<OpenLoopResult> => {
  const run = randomUUID().slice(0, 13);
  const connections = Array.from({ length: 16 }, () => openConnection(spec.port));
  const idle = [...connections];
  const sentAt: Record<string, number> = {};
  const latencies: number[] = [];
  let refused = 0;

  const sendOne = (marker: string, done: () => void): void => {
    const request = prepareDelivery(spec, bodyOf(marker, spec.bytes))(marker);
    const connection = idle.pop() ?? openConnection(spec.port);
    const at = sharedNow();
    sentAt[marker] = at;
    connection.send(request, ({ status }) => {
      if (status === 202) latencies.push(sharedNow() - at);
      else refused += 1;
      idle.push(connection);
      done();
    });
  };

  const startAt = sharedNow();
  const answers: Promise<void>[] = [];
  for (let n = 0; n < spec.count; n += 1) {
    const early = startAt + (n * 1_000) / spec.perSecond - sharedNow();
    if (early > 0) await wait(early);
    answers.push(new Promise((done) => sendOne(`${run}-${n}`, done)));
  }
  await Promise.all(answers);
  for (const connection of idle) connection.close();
  return { sentAt, answered: percentilesOf(latencies), refused };
};
