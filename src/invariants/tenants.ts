import type { DefineInvariant } from './invariant.ts';

/** Nobody acts in another's workspace, and nothing there is called. */
export const tenants: DefineInvariant = ({ register, invocations }) => {
  const keys = new Map<string, string>();

  return {
    every({ metadata: { actor, workspace } }, demand) {
      if (!actor.startsWith('key:')) return;
      const keyId = actor.slice('key:'.length);
      demand(keys.get(keyId) === workspace, `${keyId} is no key of ${workspace}`);
    },
    on: {
      ApiKeyIssued({ data, metadata }) {
        keys.set(data.keyId, metadata.workspace);
      },
      InvocationStarted({ data: { invocationId }, metadata: { workspace } }, demand) {
        const { functionId = '' } = invocations.open.get(invocationId)?.queued ?? {};
        const owner = register.functions.get(functionId)?.workspace ?? workspace;
        demand(
          owner === workspace,
          `${invocationId} of ${workspace} calls ${functionId} of ${owner}`,
        );
      },
      TriggerSuspended({ data: { triggerId, invocationId }, metadata: { workspace } }, demand) {
        const owner = register.triggers.get(triggerId)?.workspace ?? workspace;
        demand(owner === workspace, `${triggerId} is suspended by ${invocationId} of ${workspace}`);
      },
    },
  };
};
