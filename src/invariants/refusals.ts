import type { DefineInvariant } from './invariant.ts';

/**
 * What was refused brings no workspace into being and is nobody else's; what was counted came in the
 * order it says.
 */
export const refusals: DefineInvariant = ({ register }) => {
  const inhabited = new Set<string>();

  return {
    every({ type, metadata: { workspace } }) {
      if (type !== 'DeliveriesRefused') inhabited.add(workspace);
    },
    on: {
      DeliveriesRefused({ data, metadata: { workspace } }, demand) {
        const { trigger, first, last, count, remote } = data;
        demand(inhabited.has(workspace), `nobody is in ${workspace}`);
        const owner = register.triggers.get(trigger ?? '')?.workspace ?? workspace;
        demand(owner === workspace, `${trigger} is of ${owner}, not of ${workspace}`);
        demand(first <= last, `the first, at ${first}, is behind the last, at ${last}`);
        demand(remote === null || count === 1, `${remote} stands for ${count}`);
      },
    },
  };
};
