import { describe, it } from 'vitest';
import { draft } from '../../../src/domain/draft/decider.ts';
import { draftSaved } from '../examples.ts';
import { scenarios } from '../given.ts';

const given = scenarios(draft);
const { draftId, content } = draftSaved.data;
const triggerId = 'trigger-1';
const create = { type: 'CreateDraft', draftId, content } as const;
const save = { type: 'SaveDraft', content: { executionType: 'webhook' } } as const;
const publish = { type: 'PublishDraft', triggerId } as const;
const discard = { type: 'DiscardDraft' } as const;
const published = { type: 'DraftPublished', data: { draftId, triggerId } } as const;
const discarded = { type: 'DraftDiscarded', data: { draftId } } as const;

describe('a draft', () => {
  it('is created once', () => {
    given().when(create).expect(draftSaved);
    given(draftSaved).when(create).expect();
    given(draftSaved, published).when(create).expect();
  });

  it('takes new content as a whole', () => {
    given(draftSaved)
      .when(save)
      .expect({ type: 'DraftSaved', data: { draftId, content: save.content } });
  });

  it.each([publish, discard])('ends once: $type', (command) => {
    given(draftSaved)
      .when(command)
      .expect(command === publish ? published : discarded);
    for (const end of [published, discarded])
      given(draftSaved, end).when(command).refused('not-found');
    given().when(command).refused('not-found');
  });

  it('cannot be saved once it has ended', () => {
    given(draftSaved, published).when(save).refused('not-found');
    given(draftSaved, discarded).when(save).refused('not-found');
  });
});
