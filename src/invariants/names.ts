import type { FactType, Recorded } from '../domain/events.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

type Definition = Recorded<
  'FunctionRegistered' | 'FunctionRevised' | 'TriggerRegistered' | 'TriggerRevised'
>;

const named = (workspace: string, kind: string, name: string): string =>
  JSON.stringify([workspace, kind, name]);

/** What nobody else in the workspace may be called meanwhile. */
const namesIn = ({ data, metadata: { workspace } }: Definition): readonly string[] => {
  if (!('triggerId' in data)) return [named(workspace, 'function-name', data.name)];
  const name = named(workspace, 'trigger-name', data.name);
  const { path } = data.triggerMetadata as { readonly path?: unknown };
  if (data.executionType !== 'webhook' || typeof path !== 'string') return [name];
  return [name, named(workspace, 'webhook-path', path.replace(/^\//, ''))];
};

const bearerIn = ({ data }: Definition): string =>
  'triggerId' in data ? data.triggerId : data.functionId;

/** Names of functions and triggers and paths of webhooks: one bearer each, and one holder. */
export const names: DefineInvariant = () => {
  const bearers = new Map<string, string>();
  const borne = new Map<string, readonly string[]>();
  const holders = new Map<string, string>();

  const letGo = (bearer: string): void => {
    for (const name of borne.get(bearer) ?? []) {
      if (bearers.get(name) === bearer) bearers.delete(name);
    }
    borne.delete(bearer);
  };

  const define = (fact: Definition, demand: Demand): void => {
    const bearer = bearerIn(fact);
    const taken = namesIn(fact);
    letGo(bearer);
    borne.set(bearer, taken);
    for (const name of taken) {
      const other = bearers.get(name);
      demand(other === undefined, `${bearer} is called ${name}, as ${other} is`);
      const holder = holders.get(name) ?? bearer;
      demand(holder === bearer, `${bearer} is called ${name}, which ${holder} holds`);
      bearers.set(name, bearer);
    }
  };

  const claimed = ({ data, metadata }: Recorded<'NameClaimed' | 'NameReleased'>): string =>
    named(metadata.workspace, data.kind, data.name);

  const on: { readonly [T in FactType]?: (fact: Recorded<T>, demand: Demand) => void } = {
    FunctionRegistered: define,
    FunctionRevised: define,
    TriggerRegistered: define,
    TriggerRevised: define,
    FunctionRetired: ({ data }) => letGo(data.functionId),
    TriggerRetired: ({ data }) => letGo(data.triggerId),
    NameClaimed(fact, demand) {
      const name = claimed(fact);
      const { holder } = fact.data;
      const before = holders.get(name);
      demand(before === undefined, `${holder} claims ${name}, which ${before} holds`);
      const bearer = bearers.get(name) ?? holder;
      demand(bearer === holder, `${holder} claims ${name}, which ${bearer} bears`);
      holders.set(name, holder);
    },
    NameReleased(fact, demand) {
      const name = claimed(fact);
      const { holder } = fact.data;
      demand(holders.get(name) === holder, `${holder} releases ${name}, which it does not hold`);
      demand(bearers.get(name) !== holder, `${holder} releases ${name}, which it bears`);
      holders.delete(name);
    },
  };
  return { on };
};
