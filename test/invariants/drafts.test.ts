import { describe } from 'vitest';
import { draftStream, publishedIdOf } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aTrigger, turn } from './stories.ts';

const draftId = 'draft-1';
const triggerId = publishedIdOf(draftId);
const saved: Written = {
  stream: draftStream(draftId),
  fact: { type: 'DraftSaved', data: { draftId, content: {} } },
};
const publishedAs = (id: string): Written => ({
  stream: draftStream(draftId),
  fact: { type: 'DraftPublished', data: { draftId, triggerId: id } },
});

describe('a published draft', () => {
  itAllows([
    ['its trigger', saved, aTrigger(triggerId), publishedAs(triggerId)],
    [
      'its trigger, deleted meanwhile',
      saved,
      aTrigger(triggerId),
      turn('TriggerRetired', triggerId),
      publishedAs(triggerId),
    ],
  ]);
  itFinds([[`draft-1 became t, not ${triggerId}`, saved, publishedAs('t')]]);
  itFinds(
    [[`draft-1 became ${triggerId}, which is not there`, saved, publishedAs(triggerId)]],
    [],
    [{ remembers: 'all' }],
  );
});
