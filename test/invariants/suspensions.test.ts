import { describe } from 'vitest';
import { itAllows, itFinds } from './cases.ts';
import { arrive, gone, idOf, queue, start, succeed, suspend, turn } from './stories.ts';

const unsuspended = gone().slice(0, -1);
const of = idOf('gone');

describe('a trigger whose target is gone', () => {
  itAllows([
    ['its suspension', ...gone()],
    ['another suspension after a resumption', ...gone(), turn('TriggerResumed'), ...gone('t', 'b')],
    ['a pause instead', ...unsuspended, turn('TriggerPaused')],
    ['its deletion instead', ...unsuspended, turn('TriggerRetired')],
  ]);
  itFinds([
    [`t is not suspended, though the target of ${of} is gone`, ...unsuspended],
    [
      `t is suspended for ${idOf('a')}, whose target is not gone`,
      arrive('a'),
      queue('a'),
      start('a'),
      succeed('a'),
      suspend('t', idOf('a')),
    ],
    ['t is suspended for nobody, whose target is not gone', suspend('t', 'nobody')],
  ]);
});
