import { describe, it } from 'vitest';
import { type AdvanceReplay, replay } from '../../../src/domain/replay/decider.ts';
import { replayFacts, replayOrder } from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(replay);
const [requested, begun, counted, advanced, paused, resumed, completed, cancelled, failed] =
  replayFacts as Required<typeof replayFacts>;
const replayId = 'replay-1';
const request = { type: 'RequestReplay', replayId, order: replayOrder } as const;
const pause = { type: 'PauseReplay' } as const;
const resume = { type: 'ResumeReplay' } as const;
const cancel = { type: 'CancelReplay', reason: 'by ann' } as const;
const count = { type: 'FinishCount', arrivals: 2, planned: 1, skipped: { succeeded: 1 } } as const;
const advance: AdvanceReplay = {
  type: 'AdvanceReplay',
  upTo: '0004',
  listed: [],
  skipped: { succeeded: 1 },
};
const history = [requested, begun, counted, advanced].flatMap((fact) => fact ?? []);
const facts = (...some: (typeof requested)[]) => some.flatMap((fact) => fact ?? []);

describe('a replay', () => {
  it('is requested once, counted, advances and completes', () => {
    given()
      .when(request)
      .expect(...facts(requested));
    given(...facts(requested))
      .when(request)
      .expect();
    given(...facts(requested))
      .when({ type: 'BeginCount' })
      .expect(...facts(begun));
    given(...facts(requested, begun))
      .when(count)
      .expect(...facts(counted));
    given(...facts(requested, begun, counted))
      .when(advance)
      .expect(...facts(advanced));
    given(...history)
      .when({ type: 'CompleteReplay' })
      .expect(...facts(completed));
  });

  it('tells once how far it has come, however often that is asked where an answer got lost', () => {
    given(...history)
      .when(advance)
      .expect();
    given(...history)
      .when({ ...advance, upTo: '0003' })
      .expect();
  });

  it('is paused and resumed as often as wanted, once each', () => {
    given(...history)
      .when(pause)
      .expect(...facts(paused));
    given(...history, ...facts(paused))
      .when(pause)
      .expect();
    given(...history, ...facts(paused))
      .when(resume)
      .expect(...facts(resumed));
    given(...history)
      .when(resume)
      .expect();
    given(...facts(requested, begun))
      .when(pause)
      .refused('illegal-transition');
    given(...facts(requested))
      .when(resume)
      .refused('illegal-transition');
  });

  it('can be cancelled at any time before its end', () => {
    for (const before of [facts(requested), facts(requested, begun), history])
      given(...before)
        .when(cancel)
        .expect(...facts(cancelled));
    given(...history, ...facts(paused))
      .when(cancel)
      .expect(...facts(cancelled));
    given(...history, ...facts(cancelled))
      .when(cancel)
      .expect();
    for (const end of [completed, failed])
      for (const command of [cancel, pause, resume])
        given(...history, ...facts(end))
          .when(command)
          .refused('illegal-transition');
  });

  it('takes no progress where somebody paused or ended it meanwhile', () => {
    for (const meanwhile of [paused, cancelled, failed, completed])
      for (const command of [advance, { type: 'CompleteReplay' } as const, count])
        given(...history, ...facts(meanwhile))
          .when(command)
          .expect();
    given(...facts(requested, cancelled))
      .when({ type: 'BeginCount' })
      .expect();
  });

  it('that was never requested is not there', () => {
    for (const command of [pause, resume, cancel, advance])
      given().when(command).refused('not-found');
  });
});
