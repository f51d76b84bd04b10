import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../src/domain/catalogue.ts';
import { shutdownOutcome } from '../../src/domain/invocation/outcome.ts';
import { createTargetTypes } from '../../src/targets/index.ts';
import { openTargets } from '../../src/targets/open-targets.ts';
import type { TargetType } from '../../src/targets/target.ts';

const call = { url: 'x:y', body: '{}', headers: {}, timeoutMs: 1 };
const context = { allowPrivate: false, onFailed: () => {} };

const remembering = (type: string, heard: string[]): TargetType => ({
  type,
  open: () => ({
    call: async () => {
      heard.push(`call ${type}`);
      return shutdownOutcome;
    },
    close: async () => void heard.push(`close ${type}`),
  }),
});

describe('the targets', () => {
  it('are those of HTTP functions, where none have been added', () => {
    expect([...createTargetTypes().known.keys()]).toEqual(['http']);
  });

  it('get the calls of their type, and http gets those that name none', async () => {
    const heard: string[] = [];
    const types = createCatalogue(({ type }) => type, [remembering('http', heard)]);
    const targets = openTargets(types.known, context);
    types.add(remembering('worker', heard));
    await targets.call(call);
    await targets.call({ ...call, type: 'worker' });
    await targets.close();
    expect(heard).toEqual(['call http', 'call worker', 'close http', 'close worker']);
  });

  it('fail a call of a type that nothing calls, as any call fails', async () => {
    const targets = openTargets(new Map(), context);
    expect(await targets.call({ ...call, type: 'fax' })).toMatchObject({
      ok: false,
      failure: { kind: 'internal', message: 'nothing calls fax functions' },
    });
  });
});
