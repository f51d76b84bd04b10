import { describe, it } from 'vitest';
import { functionDecider } from '../../../src/domain/function/decider.ts';
import { functionDefinition } from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(functionDecider);
const { functionId } = functionDefinition;
const register = { type: 'RegisterFunction', ...functionDefinition } as const;
const revise = { type: 'ReviseFunction', concurrency: 3 } as const;
const retire = { type: 'RetireFunction' } as const;

const registered = {
  type: 'FunctionRegistered',
  data: { ...functionDefinition, version: 1 },
} as const;
const retired = { type: 'FunctionRetired', data: { functionId } } as const;

describe('a function', () => {
  it('is registered once, as version 1', () => {
    given().when(register).expect(registered);
    given(registered).when(register).expect();
    given(registered, retired).when(register).refused('illegal-transition');
  });

  it('gets a new version with every revision', () => {
    given(registered)
      .when(revise)
      .expect({
        type: 'FunctionRevised',
        data: { ...functionDefinition, concurrency: 3, version: 2 },
      });
    given(registered, retired).when(revise).refused('illegal-transition');
    given().when(revise).refused('not-found');
  });

  it('has its secrets sealed anew without a new version', () => {
    const signingSecret = { ...functionDefinition.signingSecret, keyVersion: 2 };
    const secrets = { signingSecret, previousSecret: null };
    const reseal = { type: 'ResealFunction', ...secrets } as const;
    const resealed = {
      type: 'FunctionSecretsResealed',
      data: { functionId, ...secrets },
    } as const;
    given(registered).when(reseal).expect(resealed);
    given(registered, resealed)
      .when(revise)
      .expect({
        type: 'FunctionRevised',
        data: { ...functionDefinition, ...secrets, concurrency: 3, version: 2 },
      });
    given(registered, retired).when(reseal).expect();
  });

  it('is retired once', () => {
    given(registered).when(retire).expect(retired);
    given(registered, retired).when(retire).expect();
    given().when(retire).refused('not-found');
  });
});
