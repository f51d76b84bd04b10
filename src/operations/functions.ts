import type { FunctionEntry } from '../../projections/registry.ts';
import type { AskOptions } from '../actors/actors.ts';
import { mustBeAt } from '../actors/decision.ts';
import { isoOf } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { ReviseFunction } from '../domain/function/decider.ts';
import { given } from '../domain/given.ts';
import { functionStream } from '../domain/ids.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import type { OperationsDeps } from './deps.ts';
import { existing } from './existing.ts';
import type { FunctionChanges, NewFunction } from './function-form.ts';
import { visible } from './visible.ts';

interface Removal extends AskOptions {
  readonly force?: boolean;
}

/** A refusal stays readable, however many there are. */
const mostNamed = 10;

const mustBeUnused = (
  { workspace, functionId }: FunctionEntry,
  registry: Pick<RegistryIndex, 'triggersOf'>,
): void => {
  const users = registry.triggersOf(workspace).filter((entry) => entry.functionId === functionId);
  if (users.length === 0) return;
  const named = users.slice(0, mostNamed).map(({ name, triggerId }) => `"${name}" (${triggerId})`);
  const others = users.length > mostNamed ? ` and ${users.length - mostNamed} more` : '';
  throw new TriplineError(
    'function-in-use',
    `triggers use it: ${named.join(', ')}${others}; force=true deletes it all the same`,
  );
};

/** How long the secret before the current one still signs along. */
const overlapMs = 86_400_000;

/**
 * What people and programs do with functions, each in the workspace of its envelope. When one of
 * these resolves, every read that follows sees what came of it.
 */
export const createFunctions = (deps: OperationsDeps) => {
  const { engine, registrar, sealing, clock, chance } = deps;
  const newSecret = (): string => `whsec_${chance.bytes(32).toString('base64')}`;
  const find = (id: string) => engine.registry.functionById(id);
  const present = ({ workspace }: Envelope, id: string): FunctionEntry =>
    existing('function', find, { slug: workspace, id });

  const seal = (secret: string, workspace: string, id: string): Sealed =>
    sealing.seal(secret, [workspace, id, 'signingSecret']);

  const rotation = (entry: FunctionEntry, secret: string): Partial<ReviseFunction> => ({
    signingSecret: seal(secret, entry.workspace, entry.functionId),
    previousSecret: entry.signingSecret,
    previousUntil: isoOf(clock.now() + overlapMs),
  });

  const change = async (
    id: string,
    changes: Partial<ReviseFunction>,
    envelope: Envelope,
    at: AskOptions | undefined,
  ): Promise<void> => {
    const command = { type: 'ReviseFunction', ...changes } as const;
    const { position } = await registrar.reviseFunction(id, command, envelope, at);
    await visible(deps, position);
  };

  return {
    find,
    /** Under an id that nobody had before. Answers the secret that signs what it is sent. */
    async create(functionId: string, form: NewFunction, envelope: Envelope): Promise<string> {
      const { url, type, signingSecret = newSecret(), ...definition } = form;
      const { position } = await registrar.registerFunction(
        {
          type: 'RegisterFunction',
          functionId,
          ...definition,
          target: { type, url },
          signingSecret: seal(signingSecret, envelope.workspace, functionId),
          previousSecret: null,
          previousUntil: null,
        },
        envelope,
      );
      await visible(deps, position);
      return signingSecret;
    },
    async revise(id: string, changes: FunctionChanges, envelope: Envelope, at?: AskOptions) {
      const entry = present(envelope, id);
      const { url, signingSecret, name, description, timeoutMs, concurrency, retry, send } =
        changes;
      const target = url === undefined ? undefined : { type: 'http' as const, url };
      const secrets = signingSecret === undefined ? {} : rotation(entry, signingSecret);
      const settings = given({ name, description, timeoutMs, concurrency, retry, send, target });
      await change(id, { ...settings, ...secrets }, envelope, at);
    },
    /** Answers the new secret; the one before it signs along for a day. */
    async rotateSecret(id: string, envelope: Envelope, at?: AskOptions): Promise<string> {
      const secret = newSecret();
      await change(id, rotation(present(envelope, id), secret), envelope, at);
      return secret;
    },
    /** Refused while triggers use it, unless forced: they are then broken until they have another. */
    async remove(id: string, envelope: Envelope, { force, ...at }: Removal = {}): Promise<void> {
      const entry = present(envelope, id);
      if (!force) {
        mustBeAt(functionStream(id), entry.revision, at.ifRevision);
        mustBeUnused(entry, engine.registry);
      }
      const { position } = await registrar.retireFunction(id, envelope, at);
      await visible(deps, position);
    },
  };
};
