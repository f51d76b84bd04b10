import { randomUUID } from 'node:crypto';
import { openConnection } from './connection.ts';
import { bodyOf, prepareDelivery, type Sender } from './delivery.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { sharedNow } from './shared-clock.ts';

export interface ClosedLoop extends Sender {
  readonly connections: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  /** Of the body; 1 KB where nothing is said. */
  readonly bytes?: number;
  /** Never more than this many accepted deliveries ahead of what was reported as called. */
  readonly ahead?: number;
}

export interface ClosedLoopResult extends Percentiles {
  readonly perSecond: number;
  /** Accepted in all, warm-up included. */
  readonly accepted: number;
  readonly refused: number;
  /** Window of the measurement on the shared clock. */
  readonly from: number;
  readonly to: number;
}

let called = 0;
const parked: (() => void)[] = [];

const resume = (): void => {
  for (const next of parked.splice(0)) next();
};

/** How many of the accepted deliveries have reached the function so far. */
export const noteCalled = (count: number): void => {
  called = count;
  resume();
};

/** As many requests as there are connections are under way at any time. */
export const closedLoop = async (spec: ClosedLoop): Promise<ClosedLoopResult> => {
  called = 0;
  const run = randomUUID().slice(0, 13);
  const requests = Array.from({ length: 64 }, (_, i) =>
    prepareDelivery(spec, bodyOf(`m${i}`, spec.bytes)),
  );
  const latencies: number[] = [];
  const from = sharedNow() + spec.warmupMs;
  const to = from + spec.measureMs;
  let sent = 0;
  let accepted = 0;
  let refused = 0;

  const loop = (done: () => void): void => {
    const connection = openConnection(spec.port);
    const answered = (startedAt: number, status: number): void => {
      if (status !== 202) {
        refused += 1;
        setTimeout(next, 10);
        return;
      }
      const endedAt = sharedNow();
      accepted += 1;
      if (startedAt >= from && endedAt < to) latencies.push(endedAt - startedAt);
      next();
    };
    const next = (): void => {
      const startedAt = sharedNow();
      if (startedAt >= to) {
        connection.close();
        done();
      } else if (spec.ahead !== undefined && accepted - called >= spec.ahead) {
        parked.push(next);
      } else {
        sent += 1;
        const request = requests[sent % requests.length]?.(`${run}-${sent}`) ?? '';
        connection.send(request, ({ status }) => answered(startedAt, status));
      }
    };
    next();
  };

  const looked = setInterval(resume, 50);
  await Promise.all(Array.from({ length: spec.connections }, () => new Promise<void>(loop)));
  clearInterval(looked);
  const perSecond = latencies.length / (spec.measureMs / 1_000);
  return { perSecond, accepted, refused, from, to, ...percentilesOf(latencies) };
};
