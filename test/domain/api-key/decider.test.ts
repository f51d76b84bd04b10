import { describe, it } from 'vitest';
import { apiKey } from '../../../src/domain/api-key/decider.ts';
import { issued, revoked } from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(apiKey);
const issue = { type: 'IssueApiKey', ...issued.data } as const;
const revoke = { type: 'RevokeApiKey' } as const;

describe('an API key', () => {
  it('is issued once', () => {
    given().when(issue).expect(issued);
    given(issued).when(issue).expect();
  });

  it('is revoked once and for all', () => {
    given(issued).when(revoke).expect(revoked);
    given(issued, revoked).when(revoke).expect();
    given(issued, revoked).when(issue).refused('illegal-transition');
  });

  it('cannot be revoked before it was issued', () => {
    given().when(revoke).refused('not-found');
  });
});
