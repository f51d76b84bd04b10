import { describe } from 'vitest';
import type { DataOf } from '../../src/domain/events.ts';
import { claimStream } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, aTrigger, of, revise, turn } from './stories.ts';

type Kind = DataOf<'NameClaimed'>['kind'];

const about =
  (type: 'NameClaimed' | 'NameReleased') =>
  (holder: string, name = holder, kind: Kind = 'trigger-name'): Written => ({
    stream: claimStream('acme', kind, name),
    fact: { type, data: { kind, name, holder } },
  });
const claim = about('NameClaimed');
const release = about('NameReleased');
const t = aTrigger();
const calledT = (id: string): Written => aTrigger(id, { name: 't' });
const path = 'webhook-path';

describe('names', () => {
  itAllows(
    [
      [
        'the life of one',
        claim('t'),
        claim('t', 't', path),
        t,
        turn('TriggerRetired'),
        release('t'),
        release('t', 't', path),
      ],
      ['another name', claim('t'), t, claim('t', 'u'), revise('t', { name: 'u' }), release('t')],
      ['the next who bears it', t, turn('TriggerRetired'), calledT('u')],
      ['the next who claims it', claim('t'), release('t'), claim('u', 't')],
      ['the same in two workspaces', t, of('umbrella', calledT('u'))],
      ['the same for a function', aFunction('t'), t],
      ['the same path by nobody else', t, revise('t', { triggerMetadata: { path: '/t' } })],
    ],
    [],
  );
  itFinds(
    [
      ['u is called ["acme","trigger-name","t"], as t is', t, calledT('u')],
      [
        'g is called ["acme","function-name","f"], as f is',
        aFunction(),
        aFunction('g', { name: 'f' }),
      ],
      [
        'u is called ["acme","trigger-name","t"], as t is',
        t,
        aTrigger('u'),
        revise('u', { name: 't' }),
      ],
      [
        'u is called ["acme","webhook-path","t"], as t is',
        t,
        aTrigger('u', { triggerMetadata: { path: '/t' } }),
      ],
      ['u is called ["acme","trigger-name","t"], which t holds', claim('t'), calledT('u')],
      ['u claims ["acme","trigger-name","t"], which t holds', claim('t'), claim('u', 't')],
      ['u claims ["acme","trigger-name","t"], which t bears', t, claim('u', 't')],
      [
        'u releases ["acme","trigger-name","t"], which it does not hold',
        claim('t'),
        release('u', 't'),
      ],
      ['t releases ["acme","trigger-name","t"], which it does not hold', release('t')],
      ['t releases ["acme","trigger-name","t"], which it bears', claim('t'), t, release('t')],
    ],
    [],
  );
});
