import { isTriplineError } from '../domain/errors.ts';
import { defaultTriggerIdOf } from '../domain/ids.ts';
import type { Creations } from './creations.ts';
import type { OperationsDeps } from './deps.ts';
import { visible } from './visible.ts';

export type WorkspaceDeps = Pick<OperationsDeps, 'engine' | 'registrar' | 'views' | 'log'> & {
  readonly creations: Creations;
};

const actor = 'system:workspaces';
const name = 'System default trigger';
/** No function ever has this id: whoever executes the trigger gets a job that says so. */
const noFunction = '00000000-0000-0000-0000-000000000000';

/**
 * A workspace comes into being with its first authorised request, and its default trigger with it.
 * The trigger's id is made of the workspace's name, so however many requests come first, here or in
 * several processes, the log takes one. From then on the check is one look into a set.
 */
export const createWorkspaces = (deps: WorkspaceDeps) => {
  const { engine, registrar, creations, log } = deps;
  const known = new Set<string>();
  const founding = new Map<string, Promise<void>>();

  const register = (workspace: string, request: string, occurredAt: string, triggerName: string) =>
    registrar.registerTrigger(
      {
        type: 'RegisterTrigger',
        triggerId: defaultTriggerIdOf(workspace),
        name: triggerName,
        description: 'Came with the workspace; cannot be changed or deleted.',
        functionId: noFunction,
        executionType: 'on-demand',
        triggerMetadata: {},
        isSystem: true,
      },
      { workspace, actor, occurredAt, $correlationId: request },
    );

  /** In a workspace older than default triggers somebody may have the name already. */
  const registerSomehow = async (workspace: string, request: string, at: string) => {
    try {
      return await register(workspace, request, at, name);
    } catch (error) {
      if (!isTriplineError(error, 'name-taken')) throw error;
      return await register(workspace, request, at, `${name} ${defaultTriggerIdOf(workspace)}`);
    }
  };

  const create = (workspace: string, request: string): Promise<void> =>
    creations.run(workspace, defaultTriggerIdOf(workspace), async (at) => {
      const { position } = await registerSomehow(workspace, request, at);
      await visible(deps, position);
    });

  const found = async (workspace: string, request: string): Promise<void> => {
    try {
      if (engine.registry.triggerById(defaultTriggerIdOf(workspace)) === undefined)
        await create(workspace, request);
      known.add(workspace);
    } catch (err) {
      // The request itself may be possible all the same; the next one tries again.
      log.warn({ workspace, err }, 'default trigger not created');
    } finally {
      founding.delete(workspace);
    }
  };

  return {
    exists: (workspace: string): boolean =>
      engine.registry.triggerById(defaultTriggerIdOf(workspace)) !== undefined,
    enter(workspace: string, request: string): Promise<void> | undefined {
      if (known.has(workspace)) return undefined;
      const begun = founding.get(workspace) ?? found(workspace, request);
      if (!known.has(workspace)) founding.set(workspace, begun);
      return begun;
    },
  };
};

export type Workspaces = ReturnType<typeof createWorkspaces>;
