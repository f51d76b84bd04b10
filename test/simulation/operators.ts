import type { InvocationDocument } from '../../projections/invocations.ts';
import type { ReplayDocument } from '../../projections/replays.ts';
import { triggerAddress } from '../../src/actors/addresses.ts';
import { isoOf } from '../../src/domain/clock.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import { type Envelope, isFact } from '../../src/domain/events.ts';
import { arrivalStream, publishedIdOf } from '../../src/domain/ids.ts';
import type { OperationsDeps } from '../../src/operations/deps.ts';
import type { StartFrom } from '../../src/operations/late-start.ts';
import { createPayloads } from '../../src/operations/payloads.ts';
import type { Moment } from '../../src/operations/time-travel.ts';
import {
  changedFunction,
  kindsWithPast,
  metadataFor,
  newFunction,
  newTrigger,
} from './definitions.ts';
import type { FactBook } from './fact-book.ts';
import type { Node } from './node.ts';
import { createWishes } from './replay-wishes.ts';
import type { Run } from './run.ts';
import * as scene from './scene.ts';
import { short } from './trace.ts';
import type { World } from './world.ts';

/** Undefined where there is nothing it could be done to. */
type Command = (run: Run, envelope: Envelope) => Promise<unknown> | undefined;

export interface OperatorsDeps {
  readonly onForgotten: (arrivalId: string) => void;
  /** A trigger is about to be asked for that starts from then. */
  readonly onLate: (triggerId: string, from: Moment) => void;
}

/** People at work on functions, triggers, drafts and invocations, while everything else goes on. */
export const createOperators = (
  world: World,
  book: FactBook,
  { onForgotten, onLate }: OperatorsDeps,
) => {
  const { dice, trace, counters, options } = world;

  const envelopeOf = (run: Run, workspace: string): Envelope => ({
    workspace,
    actor: 'user:operator',
    occurredAt: isoOf(run.clock.now()),
    $correlationId: run.chance.newId(),
  });

  const pick = <T>(all: readonly T[]): T | undefined =>
    all.length === 0 ? undefined : dice.pick(all);
  const aTrigger = (run: Run, workspace: string) => pick(run.engine.registry.triggersOf(workspace));
  const aFunction = (run: Run, workspace: string) =>
    pick(run.engine.registry.functionsOf(workspace));
  const aDraft = (run: Run, workspace: string) => pick(run.engine.registry.draftsOf(workspace));

  const triggerForm = (run: Run, functionId: string) =>
    newTrigger(dice, functionId, options.zone, run.clock.now());
  const metadata = (run: Run, kind: string) =>
    metadataFor(dice, kind, options.zone, run.clock.now());

  const onTrigger =
    (task: (run: Run, triggerId: string, envelope: Envelope) => Promise<unknown>): Command =>
    (run, envelope) => {
      const entry = aTrigger(run, envelope.workspace);
      return entry && task(run, entry.triggerId, envelope);
    };
  const onFunction =
    (task: (run: Run, functionId: string, envelope: Envelope) => Promise<unknown>): Command =>
    (run, envelope) => {
      const entry = aFunction(run, envelope.workspace);
      return entry && task(run, entry.functionId, envelope);
    };
  const onDraft =
    (task: (run: Run, draftId: string, envelope: Envelope) => Promise<unknown>): Command =>
    (run, envelope) => {
      const entry = aDraft(run, envelope.workspace);
      return entry && task(run, entry.draftId, envelope);
    };

  const revise =
    (changes: (run: Run, kind: string) => { name?: string; triggerMetadata?: object }): Command =>
    (run, envelope) => {
      const entry = aTrigger(run, envelope.workspace);
      if (entry === undefined) return undefined;
      const { triggerId, executionType, revision } = entry;
      const given = changes(run, executionType) as Parameters<
        typeof run.operations.triggers.revise
      >[1];
      const at = dice.happens(0.3) ? { ifRevision: revision } : undefined;
      return run.operations.triggers.revise(triggerId, given, envelope, at);
    };

  const onInvocation =
    (
      which: 'open' | 'ended',
      task: (run: Run, document: InvocationDocument, envelope: Envelope) => Promise<unknown>,
    ): Command =>
    (run, envelope) => {
      const document = book.anInvocation(dice, envelope.workspace, which);
      if (document === undefined) return undefined;
      trace.line(`  it is ${short(document.invocationId)}`);
      return task(run, document, envelope);
    };

  /** As everybody is seen by whoever watches, all are at the end of the log. */
  const forget = async (run: Run, { arrivalId }: InvocationDocument, envelope: Envelope) => {
    const [arrival] = await run.store.readStream(arrivalStream(arrivalId));
    if (arrival === undefined || !isFact(arrival, 'EventArrived')) return;
    const find = async () => ({ documents: book.invocationsOf(arrivalId), next: null });
    const views = { ...run.views, find } as unknown as OperationsDeps['views'];
    await createPayloads({ ...run, views }).forget(arrival, undefined, envelope);
    if (options.nodes === 1) onForgotten(arrivalId);
  };

  const register: Command = (run, envelope) => {
    const target = aFunction(run, envelope.workspace);
    if (target === undefined) return undefined;
    const form = triggerForm(run, target.functionId);
    return run.operations.triggers.create(run.chance.newId(), form, envelope);
  };

  const wishes = createWishes(dice, book);

  const startFor = (triggerId: string, workspace: string): StartFrom => {
    const from = wishes.moment(workspace) ?? 'now';
    if (from !== 'now') onLate(triggerId, from);
    return from;
  };
  const registerLate: Command = (run, envelope) => {
    const target = aFunction(run, envelope.workspace);
    if (target === undefined) return undefined;
    const { functionId } = target;
    const form = newTrigger(dice, functionId, options.zone, run.clock.now(), kindsWithPast);
    const triggerId = run.chance.newId();
    const from = startFor(triggerId, envelope.workspace);
    return run.operations.triggers.create(triggerId, form, envelope, from);
  };
  const publish = (run: Run, draftId: string, envelope: Envelope) => {
    const isLate = dice.happens(0.3);
    const from = isLate ? startFor(publishedIdOf(draftId), envelope.workspace) : undefined;
    return run.operations.drafts.publish(draftId, envelope, from);
  };
  const orderReplay =
    (what: 'replay' | 'redrive'): Command =>
    async (run, envelope) => {
      const { workspace } = envelope;
      const order = await run.operations.replays.orderOf(workspace, wishes[what](workspace));
      const replayId = run.chance.newId();
      await run.operations.replays.request(replayId, order, envelope);
      // Sent again, as by somebody who has not heard of the answer, it is the same replay.
      if (dice.happens(0.2)) await run.operations.replays.request(replayId, order, envelope);
    };
  const onReplay =
    (
      statuses: readonly ReplayDocument['status'][],
      task: (run: Run, replayId: string, envelope: Envelope) => Promise<unknown>,
    ): Command =>
    (run, envelope) => {
      const found = pick(
        book
          .replays()
          .filter(
            ({ workspace, status }) =>
              workspace === envelope.workspace && (statuses.includes(status) || dice.happens(0.05)),
          ),
      );
      return found && task(run, found.replayId, envelope);
    };

  const commands: Readonly<Record<string, readonly [weight: number, command: Command]>> = {
    'register function': [
      2,
      (run, envelope) =>
        run.operations.functions.create(run.chance.newId(), newFunction(dice), envelope),
    ],
    'register trigger': [8, register],
    'register late trigger': [8, registerLate],
    'change path or topic': [
      5,
      revise((run, kind) =>
        kind === 'webhook'
          ? { triggerMetadata: { path: dice.pick(scene.paths) } }
          : { triggerMetadata: metadata(run, kind) },
      ),
    ],
    rename: [2, revise(() => ({ name: scene.aName(dice, 't') }))],
    'change anything': [3, revise((run, kind) => ({ triggerMetadata: metadata(run, kind) }))],
    pause: [3, onTrigger((run, id, envelope) => run.operations.triggers.stop(id, 'x', envelope))],
    resume: [4, onTrigger((run, id, envelope) => run.operations.triggers.start(id, envelope))],
    'retire trigger': [
      2,
      onTrigger((run, id, envelope) => run.operations.triggers.remove(id, envelope)),
    ],
    'retire function': [
      0.5,
      onFunction((run, id, envelope) =>
        run.operations.functions.remove(id, envelope, { force: dice.happens(0.8) }),
      ),
    ],
    'bind trigger to another function': [
      1,
      (run, envelope) => {
        const entry = aTrigger(run, envelope.workspace);
        const functionId = aFunction(run, envelope.workspace)?.functionId;
        if (entry === undefined || functionId === undefined) return undefined;
        return run.operations.triggers.revise(entry.triggerId, { functionId }, envelope);
      },
    ],
    'change function': [
      2,
      onFunction((run, id, envelope) =>
        run.operations.functions.revise(id, changedFunction(dice), envelope),
      ),
    ],
    'rotate secret': [
      1,
      onFunction((run, id, envelope) => run.operations.functions.rotateSecret(id, envelope)),
    ],
    'cancel invocation': [
      3,
      onInvocation('open', (run, document, envelope) =>
        run.operations.invocations.cancel(document, 'by an operator', envelope),
      ),
    ],
    'retry invocation': [
      3,
      onInvocation('ended', (run, document, envelope) =>
        run.operations.invocations.retry(document, dice.happens(0.5) ? 'now' : 'then', envelope),
      ),
    ],
    'forget an event': [
      6,
      (run, envelope) => onInvocation(dice.happens(0.5) ? 'open' : 'ended', forget)(run, envelope),
    ],
    'order replay': [12, orderReplay('replay')],
    'redrive dead letters': [4, orderReplay('redrive')],
    'pause replay': [
      10,
      onReplay(['running'], (run, id, envelope) => run.operations.replays.pause(id, envelope)),
    ],
    'resume replay': [
      10,
      onReplay(['paused'], (run, id, envelope) => run.operations.replays.resume(id, envelope)),
    ],
    'cancel replay': [
      4,
      onReplay(['requested', 'counting', 'running', 'paused'], (run, id, envelope) =>
        run.operations.replays.cancel(id, 'by an operator', envelope),
      ),
    ],
    'save draft': [
      1,
      onFunction((run, id, envelope) =>
        run.operations.drafts.create(`draft-${run.chance.newId()}`, triggerForm(run, id), envelope),
      ),
    ],
    'change draft': [
      0.5,
      onDraft((run, id, envelope) => {
        const target = aFunction(run, envelope.workspace)?.functionId ?? run.chance.newId();
        return run.operations.drafts.save(id, triggerForm(run, target), envelope);
      }),
    ],
    'publish draft': [2, onDraft(publish)],
    'discard draft': [
      0.5,
      onDraft((run, id, envelope) => run.operations.drafts.discard(id, envelope)),
    ],
  };

  const weights = Object.fromEntries(
    Object.entries(commands).map(([name, [weight]]) => [name, weight]),
  );

  const carryOut = async (run: Run, name: string, command: Command, workspace: string) => {
    try {
      const doing = command(run, envelopeOf(run, workspace));
      if (doing === undefined) return;
      await doing;
      counters.count(`command ${name} done`);
      trace.line(`  ${run.owner} has done: ${name}`);
    } catch (error) {
      if (!isTriplineError(error)) throw error;
      counters.count(`command ${name} refused`);
      trace.line(`  ${run.owner} refuses to ${name}: ${error.code}`);
    }
  };

  const order = (node: Node, run: Run, name: string, workspace: string): void => {
    const [, command = register] = commands[name] ?? [];
    trace.line(`${run.owner} is told: ${name} in ${workspace}`);
    const done = carryOut(run, name, command, workspace).catch((error) => {
      world.breaks(`${name} failed with ${String(error?.stack ?? error)}`);
    });
    node.underWay(done);
  };

  return {
    names: Object.keys(commands),
    /** Anything, by chance. */
    operate: (node: Node, run: Run): void =>
      order(node, run, dice.weighted(weights), dice.pick(scene.workspaces)),
    order,
    /** Lets everything run that is held back. */
    resumeAll(node: Node, run: Run): void {
      for (const { triggerId, status, workspace } of book.triggers()) {
        if (status === 'active') continue;
        const address = triggerAddress(triggerId);
        const envelope = envelopeOf(run, workspace);
        node.underWay(run.actors.ask(address, { type: 'ResumeTrigger' }, envelope));
      }
      for (const { replayId, status, workspace } of book.replays()) {
        if (status !== 'paused') continue;
        node.underWay(run.operations.replays.resume(replayId, envelopeOf(run, workspace)));
      }
    },
    /** Ends what would go on for ever. */
    endSchedules(node: Node, run: Run): void {
      for (const { triggerId, executionType, workspace } of book.triggers()) {
        if (executionType !== 'scheduled') continue;
        node.underWay(run.registrar.retireTrigger(triggerId, envelopeOf(run, workspace)));
      }
    },
  };
};
