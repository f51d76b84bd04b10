import { describe, expect, it } from 'vitest';
import type { TriggerCommand } from '../../../src/domain/trigger/commands.ts';
import { trigger } from '../../../src/domain/trigger/decider.ts';
import { triggerDefinition } from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(trigger);
const triggerId = triggerDefinition.triggerId;

const register = { type: 'RegisterTrigger', ...triggerDefinition, isSystem: false } as const;
const pause = { type: 'PauseTrigger', reason: 'by hand' } as const;
const resume = { type: 'ResumeTrigger' } as const;
const suspend = { type: 'SuspendTrigger', reason: 'gone', invocationId: 'invocation-1' } as const;
const retire = { type: 'RetireTrigger' } as const;
const revise = (changes: object) => ({ type: 'ReviseTrigger', ...changes }) as const;

const registered = {
  type: 'TriggerRegistered',
  data: { ...triggerDefinition, version: 1, isSystem: false },
} as const;
const ofSystem = { ...registered, data: { ...registered.data, isSystem: true } };
const revised = (version: number, changes: object) =>
  ({ type: 'TriggerRevised', data: { ...triggerDefinition, ...changes, version } }) as const;
const paused = { type: 'TriggerPaused', data: { triggerId, reason: 'by hand' } } as const;
const resumed = { type: 'TriggerResumed', data: { triggerId } } as const;
const suspended = {
  type: 'TriggerSuspended',
  data: { triggerId, reason: 'gone', invocationId: 'invocation-1' },
} as const;
const retired = { type: 'TriggerRetired', data: { triggerId } } as const;

describe('a trigger', () => {
  it('is registered once, as version 1', () => {
    given().when(register).expect(registered);
    given(registered).when(register).expect();
    given(registered, retired).when(register).refused('illegal-transition');
  });

  it('gets a new version with every revision, with all that it was not given as before', () => {
    given(registered)
      .when(revise({ name: 'x' }))
      .expect(revised(2, { name: 'x' }));
    given(registered, revised(2, { name: 'x' }))
      .when(revise({ description: 'y', triggerMetadata: { path: '/z' } }))
      .expect(revised(3, { name: 'x', description: 'y', triggerMetadata: { path: '/z' } }));
    for (const change of [paused, suspended]) {
      expect(
        given(registered, change)
          .when(revise({ name: 'x' }))
          .decided(),
      ).toHaveLength(1);
    }
  });

  it('is paused and resumed, and repeating either is harmless', () => {
    given(registered).when(pause).expect(paused);
    given(registered, paused).when(pause).expect();
    given(registered, paused).when(resume).expect(resumed);
    given(registered).when(resume).expect();
  });

  it('is suspended while it is active, and then resumed or paused by a person', () => {
    given(registered).when(suspend).expect(suspended);
    given(registered, suspended).when(suspend).expect();
    given(registered, paused).when(suspend).expect();
    given(registered, retired).when(suspend).expect();
    given(registered, suspended).when(resume).expect(resumed);
    given(registered, suspended).when(pause).expect(paused);
  });

  it('is retired from wherever it stands, for good', () => {
    for (const history of [[], [paused], [suspended]]) {
      given(registered, ...history)
        .when(retire)
        .expect(retired);
    }
    given(registered, retired).when(retire).expect();
    for (const command of [pause, resume, revise({ name: 'x' })]) {
      given(registered, retired).when(command).refused('illegal-transition');
    }
  });

  it('has its secrets sealed anew in any state, without a new version', () => {
    const triggerMetadata = { path: '/github', hmac: { secret: 'sealed anew' } };
    const reseal = { type: 'ResealTrigger', triggerMetadata } as const;
    const resealed = {
      type: 'TriggerSecretsResealed',
      data: { triggerId, triggerMetadata },
    } as const;
    given(registered).when(reseal).expect(resealed);
    given(ofSystem).when(reseal).expect(resealed);
    given(registered, paused).when(reseal).expect(resealed);
    given(registered, suspended).when(reseal).expect(resealed);
    given(registered, retired).when(reseal).expect();
    given(registered, resealed)
      .when(revise({ name: 'x' }))
      .expect(revised(2, { triggerMetadata, name: 'x' }));
  });

  it('of the system can be neither changed nor retired', () => {
    given(ofSystem).when(retire).refused('forbidden');
    given(ofSystem)
      .when(revise({ name: 'x' }))
      .refused('forbidden');
    given(ofSystem).when(pause).expect(paused);
  });

  it('has to be there for anything but registration', () => {
    const commands: TriggerCommand[] = [pause, resume, suspend, retire, revise({ name: 'x' })];
    for (const command of commands) given().when(command).refused('not-found');
  });
});
