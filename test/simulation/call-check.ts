import { createHmac } from 'node:crypto';
import { isKnown } from '../../src/domain/events.ts';
import { isArrival } from '../../src/domain/ids.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { Call } from '../../src/targets/target.ts';
import type { HotViews } from '../../src/views/hot-views.ts';
import type { PromiseCheck } from './promise-check.ts';
import { keyRing, type Run } from './run.ts';
import type { World } from './world.ts';

interface Told {
  readonly attempt: number;
  readonly functionId: string;
  readonly workspaceSlug: string;
  readonly replay?: { readonly id: string };
}

interface Started {
  readonly claimedBy: string;
  readonly arrivalId: string;
  readonly replayId: string | undefined;
  readonly workspace: string;
  /** Recorded when the lane was another process's already. */
  readonly isVoid: boolean;
}

const signatureOf = (secret: string, text: string): string => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
};

/**
 * What leaves a process: each call belongs to an attempt that is on record as started by this very
 * process, is made once, has the body that arrived, and is signed as the function stands.
 */
export const createCallCheck = (
  views: HotViews,
  promises: PromiseCheck,
  { breaks, counters }: Pick<World, 'breaks' | 'counters'>,
) => {
  const started = new Map<string, Started>();
  const called = new Set<string>();
  let holder: string | undefined;

  const secretsOf = (run: Run, functionId: string): readonly string[] => {
    const entry = run.engine.registry.functionById(functionId);
    if (entry === undefined) return [];
    const { signingSecret, previousSecret, previousUntil, workspace } = entry;
    const open = (sealed: typeof signingSecret): string =>
      String(keyRing.open(sealed, [workspace, functionId, 'signingSecret']));
    const overlaps = previousUntil !== null && run.clock.now() < Date.parse(previousUntil);
    return previousSecret !== null && overlaps
      ? [open(signingSecret), open(previousSecret)]
      : [open(signingSecret)];
  };

  const isSigned = (run: Run, { headers, body }: Call, functionId: string): boolean => {
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signatures = secretsOf(run, functionId).map((secret) => signatureOf(secret, text));
    return headers['webhook-signature'] === signatures.join(' ');
  };

  const tellsOfReplay = ({ replay }: Told, { replayId }: Started, name: string): void => {
    if (replay?.id !== replayId)
      breaks(`${name} was called as of the replay ${replay?.id}, and is of ${replayId}`);
  };

  const mayBeCalled = (
    start: Started | undefined,
    name: string,
    ownerId: string,
  ): start is Started => {
    if (start?.isVoid) breaks(`${name} was called, though its start is void`);
    if (start?.claimedBy === ownerId) return true;
    breaks(`${name} was called, and its start by this process is not on record`);
    return false;
  };

  return {
    take(fact: StoredEvent): void {
      if (!isKnown(fact)) return;
      if (fact.type === 'LaneTaken') holder = fact.data.instance;
      if (fact.type !== 'InvocationStarted') return;
      const { invocationId, attempt, claimedBy } = fact.data;
      const { arrivalId = '', replayId } = views.queue.get(invocationId) ?? {};
      const { workspace } = fact.metadata;
      const isVoid = holder !== undefined && holder !== claimedBy;
      if (isVoid) counters.count('start behind the taking of its lane');
      if (isArrival(fact.stream)) counters.count('start that rides in an arrival');
      started.set(`${invocationId}/${attempt}`, {
        claimedBy,
        arrivalId,
        replayId,
        workspace,
        isVoid,
      });
    },
    call(run: Run, call: Call, ownerId: string): void {
      const invocationId = String(call.headers['idempotency-key']);
      const told = JSON.parse(String(call.body)) as Told;
      const name = `${invocationId}/${told.attempt}`;
      const start = started.get(name);
      if (!mayBeCalled(start, name, ownerId)) return;
      if (called.has(name)) breaks(`${name} was called twice`);
      called.add(name);
      const mark = promises.markOf(start.arrivalId);
      if (mark !== undefined && !String(call.body).includes(`"mark":"${mark}"`))
        breaks(`${name} was called with another body than ${mark}`);
      if (told.workspaceSlug !== start.workspace)
        breaks(`${name} was called for another workspace`);
      tellsOfReplay(told, start, name);
      if (!isSigned(run, call, told.functionId))
        breaks(`${name} was not signed as its function stands`);
    },
  };
};
