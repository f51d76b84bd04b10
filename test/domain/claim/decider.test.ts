import { describe, it } from 'vitest';
import { claim } from '../../../src/domain/claim/decider.ts';
import { scenarios } from '../given.ts';

const given = scenarios(claim);
const name = { kind: 'trigger-name', name: 'on push' } as const;
const path = { kind: 'webhook-path', name: 'github' } as const;
const claimed = (holder: string) => ({ type: 'NameClaimed', data: { ...name, holder } }) as const;
const released = (holder: string) => ({ type: 'NameReleased', data: { ...name, holder } }) as const;
const take = (holder: string) => ({ type: 'ClaimName', ...name, holder }) as const;
const release = (holder: string) => ({ type: 'ReleaseName', holder }) as const;

describe('a claim', () => {
  it('is held by the first one who asks, who may ask again', () => {
    given().when(take('a')).expect(claimed('a'));
    given(claimed('a')).when(take('a')).expect();
    given(claimed('a')).when(take('b')).refused('name-taken');
    given({ type: 'NameClaimed', data: { ...path, holder: 'a' } })
      .when({ type: 'ClaimName', ...path, holder: 'b' })
      .refused('path-taken');
  });

  it('is free again when its holder lets go', () => {
    given(claimed('a')).when(release('a')).expect(released('a'));
    given(claimed('a'), released('a')).when(take('b')).expect(claimed('b'));
  });

  it('is not touched by the release of somebody who does not hold it', () => {
    given(claimed('a')).when(release('b')).expect();
    given().when(release('a')).expect();
  });
});
